"""How hard a text is to read: the Flesch-Kincaid grade, with syllables counted by rule.

Reference: Kincaid JP et al. 1975, Derivation of new readability formulas for Navy enlisted personnel.
"""

import re

WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*")
SENTENCE_END = re.compile(r"[.!?]+(?=\s|$)")
VOWEL_GROUP = re.compile(r"[aeiouy]+")
# Endings that are written with a vowel and not spoken, and pairs of vowels that are two syllables.
SILENT_END = re.compile(
    r"(?:[^aeiouyl]e|(?<![bcdfgkpt]r)(?<=[^aeiouydt])ed|[^aeiouyscxzgh]es|[^t]ches(?<=aches))$"
)
TWO_VOWELS = re.compile(
    r"(?<![ct])i[au](?!n$)|(?<![tcsg])io|eo(?!p)|(?:id|ar)ea$|(?<![qg])ua|[aeoy]ing|iet|ience|dien"
    r"|creat(?!u)"
)


def grade(text: str) -> float:
    """The school grade that a text needs: 0.39 words a sentence + 11.8 syllables a word - 15.59."""
    words = WORD.findall(text)
    if not words:
        raise ValueError("There is nothing to read.")
    sentences = max(1, len(SENTENCE_END.findall(text)))
    spoken = sum(syllables(word) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * spoken / len(words) - 15.59


def syllables(word: str) -> int:
    """Vowel groups, less silent endings: right for most English words, and never below one."""
    low = word.lower()
    count = len(VOWEL_GROUP.findall(low))
    if SILENT_END.search(low) and count > 1:
        count -= 1
    if TWO_VOWELS.search(low):
        count += 1
    return max(1, count)
