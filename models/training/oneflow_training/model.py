"""The denoiser: one bidirectional transformer over text tokens and picture patches (OneFlow, arXiv 2510.03506).

Text positions get no time (OneFlow Table 6); patches get the time of their picture. Positions see each other where
their sequence numbers are equal, so several samples, windows or guidance branches share a row.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True)
class Shape:
    """The sizes of a denoiser."""

    vocabulary: int
    width: int
    layers: int
    heads: int
    hidden: int
    patch_size: int
    time_frequencies: tuple[float, ...]
    max_positions: int
    max_grid: int


def time_frequencies(count: int) -> tuple[float, ...]:
    """π/2 · 2^k: the lowest is a quarter wave over t in 0…1."""
    return tuple(math.pi / 2 * 2**k for k in range(count))


def time_features(t: Tensor, frequencies: tuple[float, ...]) -> Tensor:
    """sin(t·f) for all f, then cos(t·f): [...] → [..., 2·count]. The graph takes these as input (some GPUs' sines are coarse)."""
    angle = t[..., None] * torch.tensor(frequencies, device=t.device, dtype=torch.float32)
    return torch.cat([angle.sin(), angle.cos()], dim=-1)


class Rotary(nn.Module):
    """Rotary positions on three axes: place in the sequence (half of a head's numbers), patch row and patch column."""

    def __init__(self, head: int, max_positions: int, max_grid: int):
        super().__init__()
        assert head % 8 == 0
        for name, pairs, length, base in (
            ("sequence", head // 4, max_positions, 10_000.0),
            ("grid", head // 8, max_grid, 100.0),
        ):
            frequency = base ** (-torch.arange(pairs) / pairs)
            angle = torch.arange(length)[:, None] * frequency
            self.register_buffer(f"{name}_cos", angle.cos(), persistent=False)
            self.register_buffer(f"{name}_sin", angle.sin(), persistent=False)

    def forward(self, positions: Tensor) -> tuple[Tensor, Tensor]:
        """Positions [B,N,3] → cosines and sines [B,1,N,head/2]."""
        place, row, column = positions.unbind(-1)
        cos = torch.cat([self.sequence_cos[place], self.grid_cos[row], self.grid_cos[column]], dim=-1)
        sin = torch.cat([self.sequence_sin[place], self.grid_sin[row], self.grid_sin[column]], dim=-1)
        return cos[:, None], sin[:, None]


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    a, b = x.chunk(2, dim=-1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], dim=-1)


class Block(nn.Module):
    """Pre-norm attention with query and key norm, then SwiGLU."""

    def __init__(self, shape: Shape):
        super().__init__()
        self.heads = shape.heads
        head = shape.width // shape.heads
        self.attention_norm = nn.RMSNorm(shape.width, eps=1e-6)
        self.qkv = nn.Linear(shape.width, 3 * shape.width, bias=False)
        self.query_norm = nn.RMSNorm(head, eps=1e-6)
        self.key_norm = nn.RMSNorm(head, eps=1e-6)
        self.attention_out = nn.Linear(shape.width, shape.width, bias=False)
        self.mlp_norm = nn.RMSNorm(shape.width, eps=1e-6)
        self.gate_up = nn.Linear(shape.width, 2 * shape.hidden, bias=False)
        self.down = nn.Linear(shape.hidden, shape.width, bias=False)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, visible: Tensor) -> Tensor:
        batch, length, width = x.shape
        qkv = self.qkv(self.attention_norm(x)).view(batch, length, 3, self.heads, width // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        q = rotate(self.query_norm(q), cos, sin).to(v.dtype)
        k = rotate(self.key_norm(k), cos, sin).to(v.dtype)
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=visible)
        x = x + self.attention_out(mixed.transpose(1, 2).reshape(batch, length, width))
        gate, up = self.gate_up(self.mlp_norm(x)).chunk(2, dim=-1)
        return x + self.down(F.silu(gate) * up)


class Adapter(nn.Module):
    """A small MLP in front of the shared vocabulary table, so that its users differ."""

    def __init__(self, width: int):
        super().__init__()
        self.norm = nn.RMSNorm(width, eps=1e-6)
        self.inner = nn.Linear(width, width)
        self.outer = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        x = self.norm(x)
        return x + self.outer(F.silu(self.inner(x)))


class Denoiser(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        self.tokens = nn.Embedding(shape.vocabulary, shape.width)
        self.open = nn.Embedding(2, shape.width)
        self.patch_in = nn.Linear(shape.patch_size, shape.width)
        features = 2 * len(shape.time_frequencies)
        self.time = nn.Sequential(nn.Linear(features, shape.width), nn.SiLU(), nn.Linear(shape.width, shape.width))
        self.rotary = Rotary(shape.width // shape.heads, shape.max_positions, shape.max_grid)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.gap = Adapter(shape.width)
        self.gap_empty = nn.Linear(shape.width, 1)
        self.gap_rate = nn.Linear(shape.width, 1)
        self.insert = Adapter(shape.width)
        self.unmask = Adapter(shape.width)
        self.token_bias = nn.Parameter(torch.zeros(shape.vocabulary))
        self.patch_out = Adapter(shape.width)
        self.patch_time_out = nn.Linear(shape.width, shape.width)
        self.clean = nn.Linear(shape.width, shape.patch_size)
        self.initialise()

    def initialise(self) -> None:
        """Small normal weights; residual outputs scaled down with depth; outputs start at zero, π at 0.75."""
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, std=0.4 / math.sqrt(module.in_features))
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
        nn.init.normal_(self.tokens.weight, std=0.02)
        nn.init.normal_(self.open.weight, std=0.02)
        for block in self.blocks:
            for last in (block.attention_out, block.down):
                with torch.no_grad():
                    last.weight.div_(math.sqrt(2 * self.shape.layers))
        for last in (self.gap_empty, self.gap_rate, self.clean):
            nn.init.zeros_(last.weight)
        nn.init.constant_(self.gap_empty.bias, math.log(0.75 / 0.25))

    def trunk(
        self,
        tokens: Tensor,
        token_positions: Tensor,
        token_sequences: Tensor,
        token_open: Tensor,
        patches: Tensor,
        patch_positions: Tensor,
        patch_sequences: Tensor,
        patch_time_features: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Hidden states of text [B,T,d] and patches [B,P,d], and the patches' time embedding [B,P,d]."""
        text = self.embed_text(tokens, token_open)
        return self.mix(
            text, token_positions, token_sequences, patches, patch_positions, patch_sequences, patch_time_features
        )

    def embed_text(self, tokens: Tensor, token_open: Tensor) -> Tensor:
        """Tokens and whether text may be inserted to their right → [B,T,d]."""
        return (self.tokens(tokens) + self.open(token_open)) * math.sqrt(self.shape.width)

    def mix(
        self,
        text: Tensor,
        token_positions: Tensor,
        token_sequences: Tensor,
        patches: Tensor,
        patch_positions: Tensor,
        patch_sequences: Tensor,
        patch_time_features: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """The trunk after the text's embedding [B,T,d]."""
        time = self.time(patch_time_features)
        pictures = self.patch_in(patches) + time
        x = torch.cat([text, pictures.to(text.dtype)], dim=1)
        text_positions = torch.stack(
            [token_positions, torch.zeros_like(token_positions), torch.zeros_like(token_positions)], dim=-1
        )
        cos, sin = self.rotary(torch.cat([text_positions, patch_positions], dim=1))
        sequences = torch.cat([token_sequences, patch_sequences], dim=1)
        visible = (sequences[:, :, None] == sequences[:, None, :])[:, None]
        for block in self.blocks:
            x = block(x, cos, sin, visible)
        length = text.shape[1]
        return x[:, :length], x[:, length:], time

    def gaps(self, hidden: Tensor) -> tuple[Tensor, Tensor]:
        """Hidden states [G,d] → logit of π (nothing missing, OneFlow eq. 5) and λ_nz ≥ 1, each [G]."""
        x = self.gap(hidden)
        return self.gap_empty(x)[:, 0], 1 + F.softplus(self.gap_rate(x)[:, 0])

    def insert_logits(self, hidden: Tensor) -> Tensor:
        """Hidden states [G,d] → logits of Q, which tokens are missing [G,V]."""
        return F.linear(self.insert(hidden), self.tokens.weight, self.token_bias)

    def mask_logits(self, hidden: Tensor) -> Tensor:
        """Hidden states [M,d] → logits of the token at each mask [M,V]."""
        return F.linear(self.unmask(hidden), self.tokens.weight, self.token_bias)

    def clean_patches(self, hidden: Tensor, time: Tensor) -> Tensor:
        """Hidden states of patches → predicted clean latents [B,P,patch_size]."""
        return self.clean(self.patch_out(hidden + self.patch_time_out(time)))

    def forward(
        self,
        tokens: Tensor,
        token_positions: Tensor,
        token_sequences: Tensor,
        token_open: Tensor,
        patches: Tensor,
        patch_positions: Tensor,
        patch_sequences: Tensor,
        patch_time_features: Tensor,
        gap_rows: Tensor,
        mask_rows: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """The exported graph: everything one pass needs, for the rows of text positions that are asked for."""
        text, pictures, time = self.trunk(
            tokens,
            token_positions,
            token_sequences,
            token_open,
            patches,
            patch_positions,
            patch_sequences,
            patch_time_features,
        )
        flat = text.reshape(-1, self.shape.width)
        at_gaps = flat[gap_rows]
        empty, rate = self.gaps(at_gaps)
        return (
            empty,
            rate,
            self.insert_logits(at_gaps),
            self.mask_logits(flat[mask_rows]),
            self.clean_patches(pictures, time),
        )
