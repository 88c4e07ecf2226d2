"""Mappings checked by pydantic; what it refuses, in one sentence: key, what came, what is allowed, where to change it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np
from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from salesim.config.config_files import base_mapping
from salesim.config.dotted_keys import dotted, leaves, meant_key
from salesim.config.errors import InputError, shown, unknown_setting
from salesim.config.options import bounds_in_words, limits_of
from salesim.model.parameters import Scenario

UNKNOWN = ("unexpected_keyword_argument", "extra_forbidden")
MISSING = ("missing", "missing_argument")
Checked = TypeVar("Checked")


class WrongValueError(InputError):
    """A setting that pydantic refuses: its dotted `key`, and whether it is `missing`."""

    def __init__(self, text: str, way_out: str, key: str, missing: bool = False) -> None:
        super().__init__(text, way_out)
        self.key, self.missing = key, missing


def checked(kind: type[Checked], mapping: Any, group: str = "") -> Checked:
    """A dataclass from a mapping; whole numbers become floats where a number is wanted.

    `group` is where the mapping stands in the config. Raises WrongValueError.
    """
    hashable: Any = kind
    try:
        instance: Checked = adapter(hashable).validate_json(json.dumps(mapping, default=of_numpy))
    except ValidationError as error:
        raise problem_in(error, kind, group) from error
    except (TypeError, ValueError, RecursionError) as error:
        for place, value in odd_values(mapping):
            key = ".".join(filter(None, (group, called(place))))
            raise WrongValueError(f"{key} is {shown(value)}, which is no text, number, list or group", "", key) from error
        where = group or "the scenario"
        raise WrongValueError(f"{where} has a number that is too long, or a value that contains itself", "", group) from error
    return instance


def of_numpy(value: Any) -> Any:
    """A number or an array of numpy as Python's own; Mesa's `batch_run` hands over what `np.arange` gives."""
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    raise TypeError(f"{value!r:.60}")


def odd_values(value: Any, place: tuple[int | str, ...] = ()) -> Iterator[tuple[tuple[int | str, ...], Any]]:
    """Place and value of whatever no YAML file can hold."""
    if isinstance(value, Mapping | list | tuple):
        pairs = value.items() if isinstance(value, Mapping) else enumerate(value)
        with suppress(RecursionError):
            yield from (odd for part, inner in pairs for odd in odd_values(inner, (*place, part)))
    elif not isinstance(value, str | int | float | None | np.generic | np.ndarray):
        yield place, value


def as_mapping(instance: Any) -> dict[str, Any]:
    """A checked dataclass as plain mappings and lists."""
    kind: Any = type(instance)
    mapping: dict[str, Any] = adapter(kind).dump_python(instance, mode="json")
    return mapping


@cache
def adapter(kind: Any) -> TypeAdapter[Any]:
    """Pydantic's checker of a dataclass."""
    return TypeAdapter(kind)


def problem_in(error: ValidationError, kind: type, group: str) -> WrongValueError:
    """The most telling problem of a `kind` (a pydantic dataclass) that stands in `group` of the config."""
    first = min(error.errors(), key=lambda each: each["type"] not in UNKNOWN)
    place, problem = first["loc"], first["type"]
    if problem not in (*UNKNOWN, *MISSING):  # pydantic adds the part of a union that did not fit
        place = place[: len(steps(kind, place)) - 1]
    key = ".".join(filter(None, (group, called(place))))
    if problem in UNKNOWN:
        known = {group: skeleton(kind)} if group else base_mapping() if place[0] in skeleton(Scenario) else skeleton(kind)
        return WrongValueError(str(unknown_setting(key, meant_key(key, known))), "", key)
    came, wanted = "missing" if problem in MISSING else shown(first["input"]), allowed(kind, place)
    if problem == "finite_number":
        wanted = wanted.replace("a number", "a finite number")
    return WrongValueError(f"{key} is {came}; it has to be {wanted}", hint(key), key, problem in MISSING)


def called(place: Sequence[int | str]) -> str:
    """The key as a person writes it: vendor 0 is `strategy.…`, its plans `initiatives[0].…`, others are rivals."""
    parts = list(place)
    if parts[:1] == ["vendors"] and len(parts) > 2:
        number = int(parts[1])
        parts = parts[2:]
        if number and parts[0] == "strategy":
            parts = ["rivals", "strategies", number - 1, *parts[1:]]
        elif number:
            parts = ["rivals", *parts]
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts).lstrip(".")


def hint(key: str) -> str:
    """Where a value is changed; with the shipped value as an example."""
    shipped, group = base_mapping(), key.split(".")[0].split("[")[0]
    if group in ("rivals", "initiatives"):
        return f"change {group} or the files it names in configs/"
    value = dict(dotted(shipped)).get(key)
    if isinstance(value, Mapping) and value:
        inner, value = next(leaves(value))
        key = f"{key}.{inner}"
    key = key.partition("[")[0]
    example = "…" if value in (None, "") or isinstance(value, list) else value
    file = "configs/config.yaml" if group in shipped and not isinstance(shipped[group], Mapping) else f"configs/{group}/"
    return f"change it in {file} or with {key}={example}"


def allowed(kind: type, place: Sequence[int | str]) -> str:
    """What is allowed at a place of a dataclass, in words.

    >>> from salesim.model.parameters import Scenario
    >>> allowed(Scenario, ("market", "buying", "convince_chance"))
    'a number from 0 to below 1'
    """
    annotation, field = steps(kind, place)[-1]
    return " or ".join(_in_words(each, field) for each in parts_of(annotation))


def _in_words(kind: Any, field: FieldInfo | None) -> str:
    """One kind of value in words."""
    rules, origin = field.metadata if field else (), get_origin(kind)
    if origin is Literal:
        return " or ".join(str(value) for value in get_args(kind))
    if kind is int and limits_of(rules) == {"ge": 0, "le": 1}:
        return "0 or 1"
    if kind in (int, float):
        return f"a {'whole ' * (kind is int)}number {bounds_in_words(rules)}".rstrip()
    if origin is dict:
        inside = get_args(kind)[1]
        return "a group of lists of texts" if get_origin(inside) is list else f"a group{' of numbers' * (inside is float)}"
    if origin in (list, tuple):
        longest = [limit.max_length for limit in field.metadata if hasattr(limit, "max_length")] if field else []
        return "a list" + (f" of 1 to {longest[0]}" if longest else " of texts" * (str in parts_of(get_args(kind)[0])))
    names = list(getattr(kind, "__dataclass_fields__", ()))
    return f"a group with the keys {', '.join(names)}" if names else {str: "a text", NoneType: "null"}.get(kind, "a value")


def parts_of(kind: Any) -> list[Any]:
    """The kinds that a value may be of: those of a union, without what is annotated."""
    if get_origin(kind) is Annotated:
        return parts_of(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return [part for each in get_args(kind) for part in parts_of(each)]
    return [kind]


def kinds_at(kind: Any, place: Sequence[str]) -> set[type]:
    """The plain kinds of value at a place of a dataclass; none if there is no such place."""
    reached = steps(kind, place)
    return set(parts_of(reached[-1][0])) if len(reached) > len(place) else set()


def steps(kind: Any, place: Sequence[int | str]) -> list[tuple[Any, FieldInfo | None]]:
    """The kind at each step of a place, itself first, and the field that it stands in; as far as there are any."""
    kinds: list[tuple[Any, FieldInfo | None]] = [(kind, None)]
    for part in place:
        field = fields_of(kind).get(str(part))
        inner = [each for each in get_args(kind) if each is not Ellipsis]
        if field:
            kind = field.annotation
        elif inner and get_origin(kind) in (dict, list, tuple):
            kind = inner[-1]
        else:
            break
        kinds.append((kind, field))
    return kinds


@cache
def fields_of(kind: Any) -> Mapping[str, FieldInfo]:
    """The fields of a dataclass with their bounds; none of anything else."""
    hints = get_type_hints(kind, include_extras=True) if is_dataclass(kind) else {}
    return {name: FieldInfo.from_annotation(hint) for name, hint in hints.items()}


def skeleton(kind: Any) -> dict[str, Any]:
    """The keys of a dataclass, as nested mappings."""
    return {name: skeleton(field.annotation) for name, field in fields_of(kind).items()}
