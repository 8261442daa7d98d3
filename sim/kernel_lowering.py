"""How our functions are written in LLVM's language: less to write, to read and to optimise; what comes out is the same.

*Arguments are values.* Numba keeps whatever is used in more than one branch in memory of the function's own, and reads
it anew wherever it is used. What is small LLVM finds to be a value in no time. Contexts are not: the people alone are
thirty arrays of seven numbers, and each `state.supplier[i]` read all of them to take one. An argument that is never
assigned to is there from the beginning to the end, and so can be named wherever it is used.

*An element of an array* is looked up in seven instructions, where numba takes thirty-two: it puts what describes the
array into memory first, as for arrays of any layout. Places before the beginning count from the end as ever.
"""

from collections import Counter
from typing import Any, Final

from numba.core import cgutils, ir, lowering, typed_passes
from numba.core import types as numbas
from numba.core.compiler_machinery import register_pass
from numba.np import arrayobj

types: Any = numbas
_LOWER: Any = lowering.Lower  # numba's own classes, which its types do not describe
_LOWERING: Any = typed_passes.NativeLowering


_ITEMS: Final = types.Integer, types.Float, types.Boolean, types.Record


class _ShortLower(_LOWER):
    """Numba's writer of LLVM's code.

    Whoever calls a function holds what it hands over until the call ends, so that references to arrays in arguments
    are not counted once more, as numba does: of a stage of the period that was half of its code.
    """

    def init(self) -> None:
        super().init()
        assigned = [each for block in self.blocks.values() for each in block.find_insts(ir.Assign)]
        times = Counter(each.target.name for each in assigned)
        arguments = {each.target.name for each in assigned if isinstance(each.value, ir.Arg)}
        self._given = frozenset(name for name in arguments if times[name] == 1)
        self._values: dict[str, Any] = {}

    def alloca(self, name: str, type: Any) -> Any:
        """Room for a variable; an argument needs none."""
        return None if name in self._given else super().alloca(name, type)

    def lower_assign(self, ty: Any, inst: Any) -> Any:
        """The value that is assigned to a variable."""
        if inst.target.name not in self._given:
            return super().lower_assign(ty, inst)
        kind = self.typeof(f"arg.{inst.value.name}")
        return self.context.cast(self.builder, self.fnargs[inst.value.index], kind, ty)

    def storevar(self, value: Any, name: str, argidx: int | None = None) -> None:
        """Assign to a variable."""
        if name in self._given:
            self._values[name] = value
        else:
            super().storevar(value, name, argidx)

    def loadvar(self, name: str) -> Any:
        """The value of a variable."""
        return self._values[name] if name in self._given else super().loadvar(name)

    def delvar(self, name: str) -> None:
        """Be done with a variable, which matters where references are counted."""
        if self.context.enable_nrt and name not in self._given:
            super().delvar(name)

    def lower_getitem(self, resty: Any, expr: Any, value: Any, index: Any, signature: Any) -> Any:
        """What an element of an array, or of anything else, is."""
        array = self.typeof(value.name)
        place = self._place(value, index)
        if place is None:
            return super().lower_getitem(resty, expr, value, index, signature)
        item = arrayobj.load_item(self.context, self.builder, array, place)
        return self.context.cast(self.builder, item, array.dtype, resty)

    def lower_setitem(self, target_var: Any, index_var: Any, value_var: Any, signature: Any) -> Any:
        """Assign to an element of an array, or of anything else."""
        array, kind = self.typeof(target_var.name), self.typeof(value_var.name)
        place = self._place(target_var, index_var) if isinstance(kind, types.Number | types.Boolean) else None
        if place is None:
            return super().lower_setitem(target_var, index_var, value_var, signature)
        value = self.context.cast(self.builder, self.loadvar(value_var.name), kind, signature.args[2])
        value = self.context.cast(self.builder, value, signature.args[2], array.dtype)
        return arrayobj.store_item(self.context, self.builder, array, value, place)

    def _place(self, array: Any, index: Any) -> Any:
        """Where an element lies; None if it is not one element of an array that lies in one piece."""
        kind, at = self.typeof(array.name), self.typeof(index.name)
        each = tuple(at) if isinstance(at, types.BaseTuple) else (at,)
        plain = isinstance(kind, types.Array) and kind.layout == "C" and isinstance(kind.dtype, _ITEMS)
        if not plain or kind.ndim != len(each) or not all(isinstance(one, types.Integer) for one in each):
            return None
        if self.context.enable_boundscheck:
            return None
        builder, model = self.builder, self.context.data_model_manager[kind]
        described, value = self.loadvar(array.name), self.loadvar(index.name)
        values = cgutils.unpack_tuple(builder, value) if isinstance(at, types.BaseTuple) else [value]
        shape, place = model.get_field_position("shape"), None
        for axis, (number, of) in enumerate(zip(values, each, strict=True)):
            size = builder.extract_value(described, [shape, axis])
            count = self.context.cast(builder, number, of, types.intp if of.signed else types.uintp)
            if of.signed:
                from_end = builder.icmp_signed("<", count, count.type(0))
                count = builder.select(from_end, builder.add(count, size), count)
            place = count if place is None else builder.add(builder.mul(place, size), count)
        return builder.gep(builder.extract_value(described, model.get_field_position("data")), [place])


@register_pass(mutates_CFG=True, analysis_only=False)  # as numba's
class _ShortLowering(_LOWERING):
    """Numba's step that writes LLVM's code, by the class above."""

    _name = "short_lowering"

    @property
    def lowering_class(self) -> Any:
        return _ShortLower


def written_short(manager: Any) -> Any:
    """The steps of a compilation, to be finalized again, with ours in place of numba's that writes LLVM's code."""
    manager.passes = [(_INSTEAD.get(step[0], step[0]), *step[1:]) for step in manager.passes]
    return manager


_INSTEAD: Final[dict[Any, Any]] = {_LOWERING: _ShortLowering}
