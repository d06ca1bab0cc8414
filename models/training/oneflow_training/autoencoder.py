"""The picture autoencoder: RGB 128×128 ⇄ latents 16×16×8, about 3.4 M parameters, convolutions only."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Residual(nn.Module):
    """x + conv(SiLU(conv(SiLU(x)))), 3×3 convolutions; then `more` of the same.

    The blocks in `more` start as the identity: weights of a shallower autoencoder load into a deeper one and go on.
    """

    def __init__(self, channels: int, more: int = 0):
        super().__init__()
        self.a = nn.Conv2d(channels, channels, 3, padding=1)
        self.b = nn.Conv2d(channels, channels, 3, padding=1)
        self.more = nn.Sequential(*(Residual(channels) for _ in range(more)))
        for block in self.more:
            nn.init.zeros_(block.b.weight)
            nn.init.zeros_(block.b.bias)

    def forward(self, x: Tensor) -> Tensor:
        return self.more(x + self.b(F.silu(self.a(F.silu(x)))))


def encoder() -> nn.Sequential:
    """RGB in −1…1 [B,3,S,S] → unbounded latents [B,8,S/8,S/8]; `Autoencoder.encode` bounds them."""
    return nn.Sequential(
        nn.PixelUnshuffle(4),
        nn.Conv2d(48, 64, 1),
        Residual(64),
        Residual(64),
        nn.PixelUnshuffle(2),
        nn.Conv2d(256, 128, 1),
        Residual(128),
        Residual(128, more=2),
        nn.SiLU(),
        nn.Conv2d(128, 8, 1),
    )


def decoder() -> nn.Sequential:
    """Latents [B,8,s,s] → RGB in −1…1, not clamped [B,3,8s,8s]."""
    return nn.Sequential(
        nn.Conv2d(8, 128, 3, padding=1),
        Residual(128),
        Residual(128),
        Residual(128, more=2),
        nn.Conv2d(128, 256, 1),
        nn.PixelShuffle(2),
        Residual(64),
        Residual(64),
        Residual(64, more=1),
        nn.Conv2d(64, 128, 1),
        nn.PixelShuffle(2),
        Residual(32),
        Residual(32, more=1),
        nn.SiLU(),
        nn.Conv2d(32, 12, 3, padding=1),
        nn.PixelShuffle(2),
    )


class Autoencoder(nn.Module):
    """Encoder and decoder on pixels in 0…1."""

    def __init__(self) -> None:
        super().__init__()
        self.enc = encoder()
        self.dec = decoder()

    def encode(self, pixels: Tensor) -> Tensor:
        """Pixels in 0…1 [B,3,S,S] → latents within ±4 [B,8,S/8,S/8]."""
        z = self.enc(pixels * 2 - 1)
        return 4 * torch.tanh(z / 4)

    def decode(self, latent: Tensor) -> Tensor:
        """Latents [B,8,s,s] → pixels in 0…1 [B,3,8s,8s]."""
        return (self.dec(latent) * 0.5 + 0.5).clamp(0, 1)


class Encoder(nn.Module):
    """`Autoencoder.encode` as a module of its own, for export."""

    def __init__(self, autoencoder: Autoencoder):
        super().__init__()
        self.autoencoder = autoencoder

    def forward(self, pixels: Tensor) -> Tensor:
        return self.autoencoder.encode(pixels)


class Decoder(nn.Module):
    """`Autoencoder.decode` as a module of its own, for export."""

    def __init__(self, autoencoder: Autoencoder):
        super().__init__()
        self.autoencoder = autoencoder

    def forward(self, latent: Tensor) -> Tensor:
        return self.autoencoder.decode(latent)
