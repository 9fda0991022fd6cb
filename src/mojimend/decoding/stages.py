"""The stages in order, and the reason for the choice.

A byte order mark; encodings that shift by escapes; UTF-8, whole or with bad bytes (text in another encoding is next to
never valid UTF-8 by chance); UTF-16 and UTF-32 without a mark; the CJK encodings by the characters that the bytes make,
where a label that came with the bytes or stands in them counts as evidence; for the rest of the world the label, if the
bytes fit it, or the letters of the words they make; and where these are few, the opinions of chardet and
charset-normalizer as well. The first that is sure decides, and what spoke against the others is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set

from mojimend.decoding import binary, escape, regions, resync, single, variant, wide
from mojimend.decoding.bom import mark_of
from mojimend.decoding.declared import label_in
from mojimend.decoding.family import (
    FAMILIES,
    HEAD,
    HOPELESS,
    PART_DOUBTED,
    PLAIN,
    Best,
    Score,
    best_of,
    certainty,
    cost,
    first_look,
    rank,
    rank_past_losses,
)
from mojimend.decoding.glance import glance
from mojimend.decoding.opinion import Among, of_chardet, of_charset_normalizer
from mojimend.decoding.plain import VALID, InUtf8, in_utf_8
from mojimend.decoding.result import Decoding, Evidence, Region, whole
from mojimend.decoding.sample import Sample, first_beyond_ascii, first_of, sample_of
from mojimend.encodings import lenient
from mojimend.encodings.labels import codec_name
from mojimend.text.later import later

# Few bytes of text in another encoding stand in whole sequences of UTF-8 by chance: of 163,173 lines of 16 bytes or
# more in GB18030, Big5, Shift_JIS, EUC-JP and CP949, 5 have as many as this (ほほほほほほ and its like).
_LEAST_IN_SEQUENCES = 0.85
_ASCII = bytes(range(0x80))
# Bytes that stand before the first character of UTF-8 and behind the last where a piece was cut out of a file.
_HALF_BEFORE = later(rb"[\x80-\xbf]{0,3}")
_HALF_BEHIND = later(rb"(?:[\xc2-\xf4]|[\xe0-\xf4][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf])?\Z")
_LONGEST_HALF = 3
_ENOUGH = 9
# Sequences are counted in so many bytes from the first bad one, from the middle and to the end; where hardly any are
# whole, in fewer.
_COUNTED = 1 << 12
_COUNTED_AT_FIRST = 1 << 9
_HARDLY_ANY = 0.5

# Costs in nats a byte that is not ASCII, as PLAIN. Of the files in single-byte encodings that cost less than 5.1 in a
# CJK encoding, nearly all are Latin script, where most such bytes stand alone between letters; of the CJK texts that
# cost as much, one in 50 looks like that.
_SURE = 5.8
_SURE_IN_WORDS = 4.2
_IN_WORDS = 0.4
_DOUBT = 0.4
_FEW = 8
# Of 228 pieces in Latin script, 19 in 20 have a third or more in words, and the others have no words without ASCII
# letters; of 736 in others none has more than 6 in 100.
_LATIN = 0.2
_NO_LATIN = 0.06
_WORD = later(rb"[\x80-\xff]{4}")
_C1 = bytes(range(0x80, 0xA0))
_SHORT = 32
# Where a byte is lost, what is wrong ends with the piece; pieces shorter than this hide no encoding.
_LONG_PIECE = 16
# One lost byte costs as much as ten others.
_LIKELIEST = 3
_SURE_PAST_LOSSES = 5.0
_SURE_OF_OPINION = 0.98
# Johab has letters for second bytes more often than not, and so looks most like Latin script.
_SURE_OF_JOHAB = 5.0
# What a byte costs less in an encoding of one byte a character, if the bytes are in that and not in a CJK encoding. Of
# 3,369 pieces in CJK encodings none costs as much less, and of 2,231 in the others all cost 1.0 less and more; of Latin
# script bytes that are not ASCII cost more than others, and words as a whole are compared.
_CHEAPER = 0.5
# By how many nats words have to read better than as a detector thinks; and how sure it has to be where they don't read
# well at all, as a mark between spaces.
_OF_OPINION = 3.0
_HEARD = 0.7
# Bytes that show whether a label of a single-byte encoding stands on CJK text.
_GLANCED_AT = 64
# Random bytes have 7 and more.
_NOISE = 6.6
# What UTF-16 is weighed against the other encodings by, in bytes; and what has NULs but is too short to tell.
_COMPARED = 768
_SHORTEST_WIDE = 8
# Bytes read twice where ours and another's opinion differ.
_READ_TWICE = 1 << 13

# A label is true more often than not, and a language expected is likelier than others; but neither outweighs what the
# characters of a sentence say: of 1,916 pieces of 16 and 32 bytes that are labelled as another CJK encoding, 1,890 are
# read right, and all of 479 that are labelled as what they are.
_DECLARED = 14.0
_EXPECTED = 6.0
_RARE = {"johab": -8.0, "euc_jp": -1.0}
_OF_LANGUAGE = {"zh": ("gb18030", "big5hkscs"), "ja": ("cp932", "euc_jp"), "ko": ("cp949", "johab")}
_OF_DOMAIN = {
    **dict.fromkeys(("cn", "sg"), ("gb18030",)),
    **dict.fromkeys(("tw", "hk", "mo"), ("big5hkscs",)),
    "jp": ("cp932", "euc_jp"),
    "kr": ("cp949",),
}
_AGAINST_A_MARK = 0.9
# What reads worse than this in all other encodings, in nats a byte, is tried in EUC-TW, if it has only bytes of that.
# With these odds against it none of 20,528 lines in the other CJK encodings was taken for it, nor of chardet's files.
_DOUBTED = 4.8
_AGAINST_EUC_TW = 20.0
_IN_EUC_TW = bytes((*range(0x80), 0x8E, *range(0xA1, 0xFF)))
# Runs of it are even but for a byte that was lost; in single-byte encodings every second word is odd.
_ODD = later(rb"(?<![\x80-\xff])[\x80-\xff](?>[\x80-\xff]{2})*+(?![\x80-\xff])")
_MOST_ODD = 0.03
_MOST_LOST = 0.02


def decide(read: InUtf8, declared: str | None, languages: Iterable[str], allowed: Set[str], domain: str) -> Decoding:
    """Read bytes as ``decode`` does, which were read in UTF-8 so far.

    ``allowed`` are the only encodings to consider, if there are any.
    """
    data = read.data
    priors = _priors(languages, domain)
    marked = mark_of(data)
    if marked is None:
        return _Stages(read, declared, priors, allowed).decide()
    mark, encoding = marked
    why = Evidence("bom", encoding, 1.0, f"begins with {mark.hex(' ')}")
    rest = data[len(mark) :]
    found = None
    # Programs put the mark of UTF-8 in front of whatever they are given.
    if encoding == "utf-8" and not _is_mostly_utf_8(rest):
        found = _Stages(in_utf_8(rest), declared, priors, allowed).decide()
        refused = why._replace(encoding=None, reason=f"{why.reason}, but what follows is no UTF-8")
        found = found._replace(evidence=(*found.evidence, refused))
    if found is None or found.encoding is None or found.confidence < _AGAINST_A_MARK:
        found = _as_read(rest, _read_in(rest, encoding), why, ())
    return found._replace(
        bom=True,
        errors=tuple(offset + len(mark) for offset in found.errors),
        regions=tuple(
            Region(region.start + len(mark) if region.start else 0, region.end + len(mark), region.encoding)
            for region in found.regions
        )
        or (Region(0, len(data), encoding),),
    )


def _priors(languages: Iterable[str], domain: str) -> dict[str, float]:
    """Return by how many nats each family is likelier than others before any byte was seen."""
    priors = dict(_RARE)
    expected = [family for tag in languages for family in _OF_LANGUAGE.get(tag.partition("-")[0].lower(), ())]
    if domain:
        expected += _OF_DOMAIN.get(domain.rstrip(".").rpartition(".")[2].lower(), ())
    for family in expected:
        priors[family] = priors.get(family, 0.0) + _EXPECTED
    return priors


class _Stages:
    """One decision: what was told beforehand, and what was refused on the way."""

    def __init__(self, read: InUtf8, declared: str | None, priors: dict[str, float], allowed: Set[str]) -> None:
        self._read = read
        self._data = read.data
        self._allowed = allowed
        self._refused: list[Evidence] = []
        self._labels: list[tuple[str, Evidence]] = []
        self._priors = priors
        self._declared = declared

    def decide(self) -> Decoding:
        """Go through the stages."""
        data, read = self._data, self._read
        if kind := binary.kind_of(data):
            return self._undecided(Evidence("binary", None, 1.0, kind))
        if escaped := escape.read(data):
            reason = f"shifts {escaped.shifts} time{'s' * (escaped.shifts != 1)}, and what stands between is text"
            why = Evidence("escape", escaped.encoding, 0.99, reason)
            regions_read = whole(data, escaped.encoding)
            return Decoding(escaped.text, escaped.encoding, 0.99, escaped.errors, regions_read, (why,))
        if not read.reason:
            return self._valid_utf_8(read.text)
        first = read.first
        reason = f"byte {data[first]:02X} at {first}: {read.reason}"
        self._refused.append(Evidence("utf-8", None, 1.0, reason))
        self._hear_labels()
        if named := self._in_what_must_be_named():
            return named
        line = data.rfind(b"\n", 0, first) + 1
        if glanced := self._at_a_glance(line):
            return glanced
        sample = first_of(data, line)
        if ranked := self._rank_as_labelled(sample):
            mean = (ranked[0].cost + ranked[0].prior) / len(sample.data)
            return self._in_family(sample_of(data, line, sample).parts, best_of(ranked), mean)
        share = _share_of_utf_8(data, first)
        if share < _LEAST_IN_SEQUENCES and (labelled := self._as_labelled(sample)):
            return labelled
        sample = sample_of(data, line, sample)
        ranked = self._rank(sample)
        if share >= _LEAST_IN_SEQUENCES:
            return self._mostly_utf_8(share, sample, ranked)
        mean = (ranked[0].cost + ranked[0].prior) / len(sample.data) if ranked else _NOISE
        found = self._found_wide(ranked)
        if found and len(data) > _SHORT:
            return self._wide(found)
        found_single = single.read(sample, data) if mean > PLAIN or sample.in_words > _IN_WORDS else None
        if found and not (found_single and found_single.is_sure and found_single.mean < found.cost / 2):
            return self._wide(found)
        is_single = found_single and self._is_allowed(found_single.codec) and _is_single(found_single, sample, mean)
        if found_single and is_single and found_single.is_sure:
            return self._in_single_bytes(sample, found_single)
        if mean > _DOUBTED and (found_other := self._in_euc_tw(sample, ranked)):
            return found_other
        if ranked and not is_single and self._is_cjk(sample, ranked, mean):
            return self._in_family(sample.parts, best_of(ranked), mean)
        return self._rest(sample, ranked, mean, found_single)

    def _found_wide(self, ranked: Sequence[Score]) -> wide.Wide | None:
        """Return what UTF-16 or UTF-32 reads, if that is likelier than what the best of the others does."""
        found = None if self._allowed else wide.read(self._data)
        head = self._data[:_COMPARED]
        if found and found.cost / 2 < cost(head, ranked[0].codec if ranked else "cp1252") / len(head):
            return found
        return None

    def _at_a_glance(self, line: int) -> Decoding | None:
        """Read CJK text with hardly any ASCII, which its beginning, middle and end tell beyond doubt."""
        found = glance(self._data, self._families(), self._priors, line)
        return self._in_family((), *found) if found else None

    def _rank_as_labelled(self, sample: Sample) -> Sequence[Score]:
        """Rank the one CJK encoding that is declared, if the bytes read well in it."""
        for family, _ in self._labels[:1]:
            if family in FAMILIES and self._is_allowed(family) and sample.data and sample.in_words <= _IN_WORDS:
                alone = rank(sample.data, [family], self._priors)
                # In any other encoding than its own text costs more than this.
                if alone[0].cost + _DECLARED <= PLAIN * len(sample.data):
                    return alone
        return []

    def _rank(self, sample: Sample) -> Sequence[Score]:
        families = self._families()
        if not (families and sample.data):
            return []
        first = first_look(sample.data, families, self._priors)
        is_latin = sample.in_words > _IN_WORDS and first[0].cost > (_SURE_IN_WORDS + _DOUBT) * len(sample.data[:HEAD])
        return [] if is_latin else rank(sample.data, families, self._priors, first)

    def _families(self) -> tuple[str, ...]:
        return tuple(filter(self._is_allowed, FAMILIES)) if self._allowed else FAMILIES

    def _is_allowed(self, family: str) -> bool:
        return not self._allowed or any(variant.FAMILY_OF.get(codec, codec) == family for codec in self._allowed)

    def _hear_labels(self) -> None:
        """Note what is declared; a family that is gets its bonus."""
        named = [] if self._declared is None else [("declared", self._declared, "declared as")]
        if inside := label_in(self._data):
            named.append(("label", inside[0], f"{inside[1]} says"))
        for stage, label, said in named:
            codec = codec_name(label)
            if codec is None:
                self._refused.append(Evidence(stage, None, 1.0, f"{label!r} is not an encoding"))
                continue
            family = variant.FAMILY_OF.get(codec, codec)
            if not any(family == other for other, _ in self._labels):
                self._priors[family] = self._priors.get(family, 0.0) + _DECLARED
            self._labels.append((family, Evidence(stage, codec, 0.9, f"{said} {label}")))

    def _in_euc_tw(self, sample: Sample, ranked: Sequence[Score]) -> Decoding | None:
        """Read in EUC-TW what reads badly in all the others; hardly any file is in it, so only then it is tried."""
        if not ranked or not self._is_allowed("euc_tw") or sample.data.translate(None, _IN_EUC_TW):
            return None
        if len(_ODD.findall(sample.data)) > _MOST_ODD * len(sample.data):
            return None
        own = cost(sample.data, "euc_tw")
        margin = ranked[0].cost - own - _AGAINST_EUC_TW
        if margin <= 0 or own > _DOUBTED * len(sample.data) or sample.in_words > _IN_WORDS:
            return None
        reason = f"its characters cost by {margin:.0f} nats less than in {ranked[0].codec}"
        why = Evidence("characters", "euc_tw", certainty(margin, _DOUBTED), reason)
        read = _read_in(self._data, "euc_tw")
        return _as_read(self._data, read, why, self._refused, runner_up=ranked[0].codec, margin=margin)

    def _in_what_must_be_named(self) -> Decoding | None:
        """Read in EUC-TW where a label says so: nearly all of its bytes are characters of GB18030 too."""
        for family, heard in self._labels:
            if family == "euc_tw" and self._is_allowed(family):
                reading = _read_in(self._data, family)
                if len(reading.errors) <= _MOST_LOST * len(self._data):
                    why = heard._replace(reason=f"{heard.reason}, and the bytes fit")
                    return _as_read(self._data, reading, why, self._refused)
        return None

    def _as_labelled(self, sample: Sample) -> Decoding | None:
        """Read by a label of a single-byte encoding that the bytes fit, where they are no CJK text at first sight."""
        data = self._data
        for family, heard in self._labels[:1]:
            if not (single.is_single(family) and self._is_allowed(family) and sample.data):
                return None
            if self._may_be_cjk(sample, family) or binary.controls_in(data) or wide.read(data):
                return None
            reading = _read_in(data, family)
            if len(reading.errors) <= _MOST_LOST * len(data) and not _is_hardly(family, sample):
                why = heard._replace(reason=f"{heard.reason}, and the bytes fit")
                return _as_read(data, reading, why, self._refused)
        return None

    def _may_be_cjk(self, sample: Sample, label: str) -> bool:
        head = sample.data[:_GLANCED_AT]
        labelled = single.cost(head, label)
        if sample.in_words <= _NO_LATIN and labelled <= single.READS_WELL * len(head) and len(head) > _SHORT:
            return False
        least = first_look(head, FAMILIES, self._priors)[0]
        if sample.in_words > _IN_WORDS:
            return least.cost <= (_SURE_IN_WORDS + _DOUBT) * len(head)
        return least.cost <= min(HOPELESS * len(head), labelled - _DECLARED)

    def _in_single_bytes(self, sample: Sample, found: single.Single) -> Decoding:
        """Read in the encoding that the words of a language are in; a label that reads them nearly as well wins."""
        codec = found.codec
        reason = f"its words cost {found.mean:.1f} nats a byte in {found.language}"
        why = Evidence("letters", codec, found.confidence, reason)
        for family, heard in self._labels:
            excess = found.excess(family)
            if excess is not None and excess < _DECLARED and not _is_hardly(family, sample):
                codec, why = family, heard._replace(reason=f"{heard.reason}, and the bytes fit")
            else:
                self._refuse(heard, codec)
        return _as_read(self._data, _read_in(self._data, codec), why, self._refused)

    def _valid_utf_8(self, text: str) -> Decoding:
        data = self._data
        why = VALID
        too_many = binary.controls_in(data, is_utf_8=True)
        # ASCII has a NUL with every character in UTF-16, and there is some in every text.
        has_nuls = data.count(0, 0, _COMPARED) * 4 >= min(len(data), _COMPARED) >= _SHORTEST_WIDE
        # Other alphabets have no NULs, but their high bytes are controls.
        if (has_nuls or too_many) and (found := wide.read(data)):
            return self._wide(found)
        if too_many is None and regions.HOLE not in data:
            return Decoding(text, "utf-8", 1.0, (), whole(data, "utf-8"), (why,))
        if regions.HOLE in data and data.strip(b"\0"):
            return self._by_regions(["utf-8"], why)
        return self._undecided(Evidence("binary", None, 1.0, str(too_many)))

    def _wide(self, found: wide.Wide) -> Decoding:
        why = Evidence("wide", found.encoding, 0.98, f"reads like text, {found.cost:.1f} nats a character")
        regions_read = whole(self._data, found.encoding)
        return Decoding(found.text, found.encoding, 0.98, found.errors, regions_read, (why, *self._refused))

    def _mostly_utf_8(self, share: float, sample: Sample, ranked: Sequence[Score]) -> Decoding:
        codecs = ["utf-8"]
        if ranked and ranked[0].cost < PART_DOUBTED * len(sample.data):
            codecs.append(ranked[0].codec)
        self._refused.clear()
        return self._by_regions(codecs, Evidence("utf-8", "utf-8", share, "all other bytes are in whole sequences"))

    def _is_cjk(self, sample: Sample, ranked: Sequence[Score], mean: float) -> bool:
        if sample.in_words > _IN_WORDS:
            return mean <= _SURE_IN_WORDS and len(sample.data) >= _FEW
        return mean <= (_SURE_OF_JOHAB if ranked[0].codec == "johab" else _SURE)

    def _in_family(self, parts: Sequence[bytes], best: Best, mean: float) -> Decoding:
        """Read in the best of the families; the label that says so is the reason, if there is one."""
        codec, margin, runner_up = best
        confidence = certainty(margin, mean)
        reason = f"its characters cost {mean:.1f} nats a byte"
        if runner_up:
            reason += f", by {margin:.0f} in all less than in {runner_up}"
        reading = None if self._may_be_mixed(parts, codec) else self._read_whole(codec)
        why = Evidence("characters", reading.codec if reading else codec, confidence, reason)
        for family, heard in self._labels:
            if family == codec:
                why = heard._replace(reason=f"{heard.reason}, and the bytes fit", confidence=max(confidence, 0.9))
            else:
                self._refuse(heard, codec)
        if reading:
            return _as_read(self._data, reading, why, self._refused, runner_up=runner_up, margin=margin)
        return self._by_regions([codec], why)._replace(runner_up=runner_up, margin=margin)

    def _read_whole(self, family: str) -> variant.Reading | None:
        """Read all in one encoding; None where a byte is lost, or may have been."""
        reading = variant.read(self._data, family)
        is_doubted = reading.errors or (reading.codec == "gb18030" and resync.has_private_use(reading.text))
        return None if is_doubted else reading

    def _may_be_mixed(self, parts: Sequence[bytes], codec: str) -> bool:
        if any(cost(part, codec) > PART_DOUBTED * len(part) for part in parts[1:]):
            return True
        return not regions.is_all_in(self._data, codec)

    def _refuse(self, heard: Evidence, better: str) -> None:
        assert heard.encoding is not None
        _, errors = lenient.decode(self._data[:_COUNTED], heard.encoding)
        count = f"{len(errors)} byte{'s do' if len(errors) != 1 else ' does'}"
        reason = f"{count} not fit" if errors else f"its characters are those of {better}"
        self._refused.append(heard._replace(encoding=None, reason=f"{heard.reason}, but {reason}"))

    def _rest(
        self, sample: Sample, ranked: Sequence[Score], mean: float, found_single: single.Single | None
    ) -> Decoding:
        """Read what is no CJK text for certain: by its label if it fits, else as others think, or by what words say."""
        data = self._data
        if too_many := binary.controls_in(data):
            return self._undecided(Evidence("binary", None, 1.0, too_many))
        for family, heard in self._labels:
            assert heard.encoding is not None
            if family in FAMILIES and not (ranked and ranked[0].codec == family and mean < _NOISE):
                self._refuse(heard, ranked[0].codec if ranked else "no text")
                continue
            reading = _read_in(data, heard.encoding)
            fits = len(reading.errors) <= _MOST_LOST * len(data) and not _is_hardly(family, sample)
            if fits and self._is_allowed(family):
                why = heard._replace(reason=f"{heard.reason}, and the bytes fit")
                return _as_read(data, reading, why, self._refused)
            self._refuse(heard, ranked[0].codec if ranked else "no text")
        opinions = [of_chardet(data, _among(data, sample, mean))]
        if ranked and _has_long_pieces(sample) and opinions[0].confidence < _SURE_OF_OPINION:
            again = rank_past_losses(sample.data, [score.codec for score in ranked[:_LIKELIEST]], self._priors)
            mean_again = (again[0].cost + again[0].prior) / min(len(sample.data), HEAD)
            if mean_again <= _SURE_PAST_LOSSES:
                return self._in_family(sample.parts, best_of(again), mean_again)
        if opinions[0].encoding is None or not self._fits(opinions[0].encoding):
            opinions.append(of_charset_normalizer(data))
        for opinion in opinions:
            if opinion.encoding is None or not self._fits(opinion.encoding):
                self._refused.append(opinion._replace(encoding=None))
                continue
            family = variant.FAMILY_OF.get(opinion.encoding, opinion.encoding)
            if ranked and family in FAMILIES and mean < _NOISE and not self._loses_less(family, ranked[0].codec):
                self._refused.append(opinion)
                return self._in_family(sample.parts, best_of(ranked), mean)
            is_worse = found_single and (_is_better(found_single, opinion) or self._is_refuted(opinion))
            if found_single and is_worse and self._is_allowed(found_single.codec):
                self._refused.append(opinion)
                return self._in_single_bytes(sample, found_single)
            return _as_read(data, _read_in(data, opinion.encoding), opinion, self._refused)
        if ranked and (mean < _NOISE or self._allowed):
            return self._in_family(sample.parts, best_of(ranked), mean)
        if singles := sorted(codec for codec in self._allowed if variant.FAMILY_OF.get(codec, codec) not in FAMILIES):
            reading = min((_read_in(data, codec) for codec in singles), key=lambda reading: len(reading.errors))
            why = Evidence("candidates", reading.codec, 0.5, "of the candidates it loses the fewest bytes")
            return _as_read(data, reading, why, self._refused)
        return self._undecided(Evidence("characters", None, 1.0, "reads like text in no encoding"))

    def _is_refuted(self, opinion: Evidence) -> bool:
        """Tell whether hardly any byte is in a whole sequence of the UTF-8 that a detector believes in."""
        data = self._data
        return opinion.encoding == "utf-8" and _share_of_utf_8(data, first_beyond_ascii(data)) < _HARDLY_ANY

    def _loses_less(self, family: str, than: str) -> bool:
        head = self._data[:_READ_TWICE]
        return len(variant.read(head, family).errors) < len(variant.read(head, than).errors)

    def _fits(self, codec: str) -> bool:
        return not self._allowed or codec in self._allowed

    def _by_regions(self, codecs: Sequence[str], why: Evidence) -> Decoding:
        """Read a file that may be in several encodings."""
        data = self._data
        found = regions.regions_of(data, codecs)
        named = dict.fromkeys(region.encoding for region in found if region.encoding)
        if len(found) == 1 and found[0].encoding:
            return _as_read(data, _read_closely(data, found[0].encoding), why, self._refused)
        sizes = {name: sum(end - start for start, end, encoding in found if encoding == name) for name in named}
        if not sizes:
            return self._undecided(Evidence("characters", None, 1.0, "reads like text in no encoding"))
        codec_of = {
            family: _read_in(b"".join(data[start:end] for start, end, name in found if name == family), family).codec
            for family in named
            if family in FAMILIES
        }
        text, errors, read = regions.read(data, found, codec_of)
        family = max(sizes, key=sizes.__getitem__)
        codec = codec_of.get(family, family)
        evidence = [why._replace(encoding=codec)] if why.encoding != codec else [why]
        if len(sizes) > 1:
            parts = ", ".join(f"{sizes[name]} bytes of {codec_of.get(name, name)}" for name in sizes)
            evidence.insert(0, Evidence("mixed", codec, why.confidence, f"line by line: {parts}"))
        return Decoding(text, codec, why.confidence, errors, read, (*evidence, *self._refused))

    def _undecided(self, why: Evidence) -> Decoding:
        text = self._data.decode("ascii", "surrogateescape")
        return Decoding(text, None, 0.0, evidence=(why, *self._refused))


def _read_in(data: bytes, codec: str) -> variant.Reading:
    family = variant.FAMILY_OF.get(codec, codec)
    return variant.read(data, family) if family in FAMILIES else variant.Reading(codec, *lenient.decode(data, codec))


def _read_closely(data: bytes, codec: str) -> variant.Reading:
    if codec != "gb18030":
        return _read_in(data, codec)
    return variant.Reading(codec, *resync.decode(data, codec, doubts_private_use=True))


def _as_read(
    data: bytes,
    reading: variant.Reading,
    why: Evidence,
    refused: Sequence[Evidence],
    *,
    runner_up: str | None = None,
    margin: float = 0.0,
) -> Decoding:
    codec, text, errors = reading
    if why.encoding != codec:
        why = why._replace(encoding=codec)
    evidence = (why, *refused)
    return Decoding(text, codec, why.confidence, errors, whole(data, codec), evidence, False, runner_up, margin)


def _is_hardly(label: str, sample: Sample) -> bool:
    """Tell whether a label for Western Europe, which is what many programs write on anything, is on another script."""
    return label == "cp1252" and sample.in_words <= _NO_LATIN and single.is_another_script(sample.data)


def _is_single(found: single.Single, sample: Sample, mean: float) -> bool:
    """Tell whether words cost less in an encoding of one byte a character than CJK text would."""
    own = found.mean if sample.in_words > _LATIN else found.mean_beyond_ascii
    return own + _CHEAPER < mean


def _is_better(found: single.Single, opinion: Evidence) -> bool:
    """Tell whether words say something else than a detector thinks, and say it more clearly."""
    assert opinion.encoding is not None
    if found.mean > single.READS_WELL and opinion.confidence > _HEARD:
        return False
    excess = found.excess(opinion.encoding)
    if excess is not None:
        return excess > _OF_OPINION
    return found.is_sure or single.is_single(opinion.encoding)


def _among(data: bytes, sample: Sample, mean: float) -> Among:
    """Return which encodings bytes that are no CJK text for certain may be in."""
    if len(sample.data) <= _SHORT or (sample.in_words <= _IN_WORDS and mean <= HOPELESS):
        return Among.ALL
    if sample.in_words > _LATIN:
        return Among.LATIN_OF_DOS_TOO if len(data.translate(None, _C1)) < len(data) else Among.LATIN
    return Among.OTHERS if sample.in_words <= _NO_LATIN and _WORD.search(sample.data) else Among.SINGLE


def _has_long_pieces(sample: Sample) -> bool:
    longest = max(map(len, sample.data[:HEAD].split(b"\n")))
    return sample.in_words <= _IN_WORDS and (longest >= _LONG_PIECE or len(sample.data) <= _SHORT)


def _is_mostly_utf_8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _share_of_utf_8(data, error.start) >= _LEAST_IN_SEQUENCES
    return True


def _share_of_utf_8(data: bytes, first: int) -> float:
    """Return how many of the bytes that are not ASCII stand in whole sequences of UTF-8."""
    share = _share_in_windows(data, first, _COUNTED_AT_FIRST)
    return share if share < _HARDLY_ANY else _share_in_windows(data, first, _COUNTED)


def _share_in_windows(data: bytes, first: int, counted: int) -> float:
    size = len(data)
    windows = [(0, size)]
    if size > 3 * counted:
        middle = max(first, size // 2)
        windows = [(first, first + counted), (middle, middle + counted), (size - counted, size)]
    high = in_sequences = 0
    for start, end in windows:
        window = _without_halves(data[start:end])
        ascii_too = len(window) - len(window.translate(None, _ASCII))
        high += len(window) - ascii_too
        in_sequences += len(window.decode("utf-8", "ignore").encode("utf-8")) - ascii_too
    return in_sequences / high if high else 0.0


def _without_halves(window: bytes) -> bytes:
    """Take off the characters of UTF-8 that were cut at either end, if there are others."""
    before = _HALF_BEFORE.match(window)
    start = before.end() if before else 0
    behind = _HALF_BEHIND.search(window, max(start, len(window) - _LONGEST_HALF))
    inside = window[start : behind.start() if behind else None]
    return inside if len(inside.translate(None, _ASCII)) >= _ENOUGH else window
