"""The text baselines: a unigram, and an interpolated Kneser-Ney n-gram that reads from left to right.

Modified Kneser-Ney of Chen and Goodman, "An Empirical Study of Smoothing Techniques for Language Modeling" (1999), §3:

    p_n(w | c) = max(a(cw) − D(a(cw)), 0) / A(c) + backoff(c) · p_{n−1}(w | c without its first token)

a is the count at the highest order, below it the number of different tokens before the n-gram. D takes one of three
values, for a = 1, 2 and more; backoff(c) is the mass that the discounts set free.

An n-gram is held as one integer: the number of its first n − 1 tokens among the (n−1)-grams, times the vocabulary's
size, plus its last token. Sorted, those integers are a trie: the continuations of a context lie side by side.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Order:
    """All n-grams of one length."""

    #: Sorted: number of the context among the (n−1)-grams · vocabulary + last token.
    keys: np.ndarray
    #: Discounted counts over the sum of counts of the context, by n-gram.
    share: np.ndarray
    #: Mass left to the next shorter context, by context; 1 where the context was never seen.
    backoff: np.ndarray


def unigram(stream: np.ndarray, vocabulary: int) -> np.ndarray:
    """Probability of each token [V], one added to every count."""
    counts = np.bincount(stream, minlength=vocabulary) + 1.0
    return counts / counts.sum()


class KneserNey:
    """An n-gram over a stream of token ids in which documents follow each other."""

    def __init__(self, stream: np.ndarray, vocabulary: int, length: int = 5):
        self.vocabulary = vocabulary
        self.orders: list[Order] = []
        stream = stream.astype(np.int64)
        #: Number of the n-gram that starts at each place of the stream.
        numbers = stream
        keys = np.arange(vocabulary)
        counts = np.bincount(stream, minlength=vocabulary)
        for n in range(1, length + 1):
            if n < length:
                longer = numbers[:-1] * vocabulary + stream[n:]
                next_keys, first, next_numbers, next_counts = np.unique(
                    longer, return_index=True, return_inverse=True, return_counts=True
                )
                # Each different (n+1)-gram is one token seen before the n-gram that it ends in.
                counts = np.bincount(numbers[first + 1], minlength=len(keys))
            contexts = 1 if n == 1 else len(self.orders[-1].keys)
            self.orders.append(smooth(keys, counts, keys // vocabulary, contexts))
            if n < length:
                numbers, keys, counts = next_numbers, next_keys, next_counts

    def find(self, context: np.ndarray) -> int | None:
        """The number of a context among the n-grams of its length; None if it was never seen."""
        number = 0
        for order, token in zip(self.orders, context, strict=False):
            key = number * self.vocabulary + int(token)
            number = int(np.searchsorted(order.keys, key))
            if number == len(order.keys) or order.keys[number] != key:
                return None
        return number

    def distribution(self, context: np.ndarray) -> np.ndarray:
        """p(w | context) for every token [V]; of the context its last tokens count."""
        probability = np.full(self.vocabulary, 1 / self.vocabulary)
        for n, order in enumerate(self.orders):
            if n > len(context):
                break
            number = self.find(context[len(context) - n :])
            if number is None:
                break
            probability *= order.backoff[number]
            low, high = np.searchsorted(order.keys, [number * self.vocabulary, (number + 1) * self.vocabulary])
            probability[order.keys[low:high] % self.vocabulary] += order.share[low:high]
        return probability


def smooth(keys: np.ndarray, counts: np.ndarray, context: np.ndarray, contexts: int) -> Order:
    """Discounts the counts of the n-grams, each of which has the context of the given number."""
    by_count = np.array([(counts == k).sum() for k in range(1, 5)], float)
    ratio = by_count[0] / max(1.0, by_count[0] + 2 * by_count[1])
    discounts = [0.0, *(k - (k + 1) * ratio * by_count[k] / max(1.0, by_count[k - 1]) for k in (1, 2, 3))]
    # In small texts the estimate leaves its range: some of each count must go to what is new, and some stay.
    discount = np.clip(discounts, [0, 0.1, 0.1, 0.1], [0, 0.9, 1.9, 2.9])[np.minimum(counts, 3)]
    total = np.bincount(context, counts, contexts)
    freed = np.bincount(context, discount, contexts)
    backoff = np.divide(freed, total, out=np.ones(contexts), where=total > 0)
    share = (counts - discount) / np.maximum(total[context], 1)
    return Order(keys, share.astype(np.float32), backoff.astype(np.float32))
