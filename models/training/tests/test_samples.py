"""Bookkeeping of the corruption (bags, gaps, masks) and of the packing."""

import numpy as np
import pytest
import torch

from oneflow_training import __main__ as stages
from oneflow_training import batches, train
from oneflow_training.model import Denoiser
from oneflow_training.samples import Kept, Span, corrupt, interleaved_schedule, place_pictures
from oneflow_training.vocabulary import ANY_STYLE, BOS, IMAGE, MASK

IDS = np.array([BOS, *range(200, 220)])


def restore(sample) -> list[int]:
    """Puts every missing token back behind the position whose gap it is missing from."""
    text = []
    for place, token in enumerate(sample.tokens):
        masked = dict(zip(sample.mask_at.tolist(), sample.masked.tolist(), strict=True))
        text.append(masked.get(place, int(token)))
        text += sample.missing[sample.missing_at == place].tolist()
    return text


@pytest.mark.parametrize("keep", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("insertion", [True, False])
def test_what_is_hidden_plus_what_is_visible_is_the_text(keep, insertion):
    spans = [Span(3, 8, insertion), Span(10, 21, insertion)]
    sample = corrupt(IDS, spans, Kept((keep, keep), keep), np.random.default_rng(5))
    assert restore(sample) == IDS.tolist()


def test_context_is_never_touched_and_only_span_gaps_are_open():
    sample = corrupt(IDS, [Span(5, 9, True)], Kept((0,), 0), np.random.default_rng(1))
    assert sample.tokens.tolist() == [*IDS[:5], *IDS[9:]]
    assert np.flatnonzero(sample.open).tolist() == [4]
    assert sample.missing_at.tolist() == [4] * 4


def test_masks_keep_the_length_and_open_no_gap():
    sample = corrupt(IDS, [Span(5, 9, False)], Kept((0,), 0), np.random.default_rng(1))
    assert (sample.tokens[5:9] == MASK).all() and len(sample.tokens) == len(IDS)
    assert sample.open.sum() == 0


def test_every_growing_span_has_its_own_share_of_kept_tokens_and_masked_ones_have_theirs():
    rng = np.random.default_rng(2)
    spans = [Span(1, 6, True), Span(6, 11, True), Span(11, 21, False)]
    samples = [corrupt(IDS, spans, Kept((0.3, 0.9, 0.5), 0.6), rng) for _ in range(4000)]
    missing = np.concatenate([s.missing for s in samples])
    assert np.isin(missing, IDS[1:6]).sum() / len(samples) / 5 == pytest.approx(0.7, abs=0.015)
    assert np.isin(missing, IDS[6:11]).sum() / len(samples) / 5 == pytest.approx(0.1, abs=0.015)
    assert np.mean([len(s.masked) for s in samples]) / 10 == pytest.approx(0.4, abs=0.01)


def test_the_interleaved_schedule_has_a_quarter_absent_half_in_flight_and_a_quarter_clean():
    rng = np.random.default_rng(4)
    times = [interleaved_schedule(1, rng)[1][0] for _ in range(20_000)]
    flying = np.array([t for t in times if t is not None and t < 1])
    assert sum(t is None for t in times) / len(times) == pytest.approx(0.25, abs=0.01)
    assert len(flying) / len(times) == pytest.approx(0.5, abs=0.015)
    # Exactly uniform for the linear κ (algorithm of OneFlow App. D.1 with κ⁻¹(u) = u).
    assert np.histogram(flying, bins=4, range=(0, 1))[0] / len(flying) == pytest.approx(0.25, abs=0.015)


def test_a_picture_not_inserted_yet_joins_the_bag_to_its_left_with_what_is_missing_behind_it():
    ids = np.array([BOS, 200, 201, ANY_STYLE, IMAGE, 202, 203, ANY_STYLE, IMAGE, 204])
    sample = corrupt(ids, [Span(3, 10, True)], Kept((0,), 0), np.random.default_rng(1), gone=np.array([3, 4]))
    assert sample.tokens.tolist() == [BOS, 200, 201, ANY_STYLE, IMAGE]
    assert sample.missing[sample.missing_at == 2].tolist() == [ANY_STYLE, IMAGE, 202, 203]
    assert sample.missing[sample.missing_at == 4].tolist() == [204], "the gap behind a picture is its token's own"
    assert place_pictures(sample, [7], [0.5]).pictures[0].place == 4


def test_a_span_tokenizes_apart_as_in_the_whole_text(toy_work, smoke_config, toy_data):
    words = stages.load_vocabulary(toy_work)
    mixture = stages.make_mixture(smoke_config, toy_data, toy_work)
    text = "# A title\n\nDon't cut (or paste)  twice, 12 times.\n\n\n- one\n- two"
    ids = np.array(words.encode(text))
    for cut in mixture.shape.cuts(ids):
        left, right = words.decode(ids[:cut]), words.decode(ids[cut:])
        assert words.encode(left) + words.encode(right) == ids.tolist(), (left, right)


def test_a_stretch_with_its_title_takes_no_more_room_than_there_is(toy_work, smoke_config, toy_data):
    mixture = stages.make_mixture(smoke_config, toy_data, toy_work)
    text = "# A title of some length\n\n" + "One short block.\n\n" * 12
    ids = np.array(mixture.vocabulary.encode(text))
    title = int(np.flatnonzero(mixture.shape.block_end[ids])[0]) + 1
    assert title < 32, "a longer one is never kept"
    for seed in range(200):
        rng = np.random.default_rng(seed)
        most = int(rng.integers(title - 3, title + 6))
        stretch, _ = mixture.crop(ids, np.array([], np.int64), most, rng)
        assert len(stretch) <= most


def test_captioned_pictures_are_blocks_of_their_own_in_a_text_that_stays_as_it_is(toy_work, smoke_config, toy_data):
    mixture = stages.make_mixture(smoke_config, toy_data, toy_work)
    words = mixture.vocabulary
    text = "# A title\n\nOne block.\n\nAnother block."
    for seed in range(8):
        ids, numbers = mixture.with_captioned_pictures(np.array(words.encode(text)), 3, np.random.default_rng(seed))
        blocks = words.decode(ids).split("\n\n")
        slots = [block for block in blocks if block.startswith("![")]
        assert len(slots) == len(numbers) == 3
        assert all(slot.endswith("<|image|>)") for slot in slots)
        assert "\n\n".join(block for block in blocks if block not in slots) == text


def test_no_position_sees_another_sample(toy_work, smoke_config, toy_data):
    mixture = stages.make_mixture(smoke_config, toy_data, toy_work)
    batch = train.draw_batches(smoke_config, mixture, 3)[1]
    torch.manual_seed(0)
    model = Denoiser(smoke_config.shape).eval()
    grid = 4
    slots = batch.picture_numbers.shape[1]
    per_patch = (len(batch.tokens), slots * grid * grid)
    owner = batch.picture_sequences[:, :, None].expand(-1, -1, grid * grid).reshape(per_patch)

    def hidden(tokens, patches):
        text, pictures, _ = model.trunk(
            tokens,
            batch.token_positions,
            batch.token_sequences,
            batch.token_open,
            patches,
            batches.patch_positions(batch.picture_places, grid),
            owner,
            torch.zeros(*per_patch, 2 * len(smoke_config.shape.time_frequencies)),
        )
        return text, pictures

    patches = torch.randn(*per_patch, smoke_config.shape.patch_size)
    with torch.no_grad():
        before = hidden(batch.tokens, patches)
        inside = batch.token_sequences == 1
        changed_patches = torch.where((owner == 1)[..., None], patches + 1, patches)
        after = hidden(torch.where(inside, batch.tokens + 1, batch.tokens), changed_patches)
    assert torch.equal(before[0][batch.token_sequences == 0], after[0][batch.token_sequences == 0])
    assert torch.equal(before[1][owner == 0], after[1][owner == 0])
    assert not torch.equal(before[0][inside], after[0][inside])


def test_every_picture_of_a_batch_has_a_place_in_its_own_sample(toy_work, smoke_config, toy_data):
    mixture = stages.make_mixture(smoke_config, toy_data, toy_work)
    for step in range(4):
        for batch in train.draw_batches(smoke_config, mixture, step):
            for row, slot in (batch.picture_numbers >= 0).nonzero().tolist():
                owner, place = batch.picture_sequences[row, slot], batch.picture_places[row, slot]
                at = (batch.token_sequences[row] == owner) & (batch.token_positions[row] == place)
                assert batch.tokens[row][at].tolist() == [3]
