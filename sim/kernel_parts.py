"""A function is compiled once, as a part; machine code is made only of what Python calls, with all its parts in it.

Left alone, numba optimises every function that a loop calls as if it stood alone, makes machine code of it, and a
wrapper for calls from Python that nobody makes. Of loops with two hundred rules in them that was most of the work.
Here whatever is compiled is a part: code that waits to be linked. Only of a function that Python calls a whole is made:
its own part and those of all that it calls, directly or not, put together once, optimised once, and made machine code
once. The same code is optimised with the same settings as ever, so that results stay equal to the last bit.
"""

from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from typing import Any

import llvmlite.binding as llvm
from numba.core import codegen, compiler, types
from numba.core.datamodel import DataModelManager, default_manager, models
from numba.core.funcdesc import default_mangler

from sim.kernel_lowering import written_short
from sim.kernel_savings import fewer_steps, savings

_LIBRARY: Any = codegen.JITCodeLibrary  # numba's own classes, which its types do not describe
_COMPILER: Any = compiler.Compiler


def parted(compiled: Any, part: Any) -> Any:
    """Let `compiled` be what Python calls, and `part` what compiled code calls; both are dispatchers of one function.

    Each asks numba for the machine code of some types of arguments in one place, which is replaced here.
    """
    _as_part(part, _PartCompiler)

    def as_whole(args: Any, return_type: Any) -> Any:
        with savings(_of_numba):
            part.compile(tuple(args))
            return _whole(part.overloads[tuple(args)])

    compiled._compiler.compile = as_whole
    # compiled code that is handed `compiled` calls the part all the same
    compiled.get_call_template, compiled.get_overload = part.get_call_template, part.get_overload
    compiled.part = part
    return compiled


def _as_part(part: Any, compiler_class: Any) -> Any:
    part._compiler.pipeline_class = compiler_class
    customized = part._compiler._customize_flags

    def without_wrappers(flags: Any) -> Any:
        flags = _Flags(customized(flags))
        flags.no_cpython_wrapper = flags.no_cfunc_wrapper = flags.no_compile = True
        return flags

    compile_part = part._compiler.compile

    def as_part(args: Any, return_type: Any) -> Any:
        made = compile_part(args, return_type)
        never_called: Any = [].append  # numba knows it by some built-in function, each by another
        made.target_context.insert_user_function(never_called, made.fndesc, [made.library])
        return made._replace(entry_point=never_called)

    part._compiler._customize_flags, part._compiler.compile = without_wrappers, as_part
    return part


def _of_numba(part: Any) -> Any:
    """What numba itself writes in Python, as a part; its arguments stay numba's, for other people's kernels call it."""
    return _as_part(part, _NumbasPartCompiler)


def _whole(part: Any) -> Any:
    """The machine code of a part, and what Python calls it by."""
    context = part.target_context
    library = _WholeCode(context.codegen(), part.library.name)
    library.enable_object_caching()
    library.add_linking_library(part.library)
    counts, returned = context.enable_nrt, context.data_model_manager[part.signature.return_type]
    # Python holds the arrays that it hands over: to count references to fifty of them takes longer than small stages
    context.enable_nrt = counts and returned.contains_nrt_meminfo()
    with context.push_code_library(library):
        context.create_cpython_wrapper(library, part.fndesc, part.environment, part.call_helper, release_gil=True)
    context.enable_nrt = counts
    entry = context.get_executable(library, part.fndesc, part.environment)
    whole = part._replace(library=library, entry_point=entry, metadata={})
    for environment in whole._find_referenced_environments():
        library.codegen.set_env(environment.env_name, environment)
    return whole


class _PartCompiler(_COMPILER):
    """Numba's compiler, writing into a `_LinkedPart`."""

    def compile_extra(self, func: Callable[..., Any]) -> Any:
        context = self.state.targetctx  # a copy of numba's, for this function
        context.mangler, context.data_model_manager = _short_name, _MODELS
        context.__dict__.pop("call_conv", None)  # knows the models from before
        self.state.library = _LinkedPart(context.codegen(), func.__qualname__)
        return super().compile_extra(func)

    def define_pipelines(self) -> list[Any]:
        counts = self.state.flags.nrt
        return [fewer_steps(written_short(manager), counts) for manager in super().define_pipelines()]


class _NumbasPartCompiler(_COMPILER):
    """Numba's compiler, writing into a `_LinkedPart`, in numba's own convention."""

    def compile_extra(self, func: Callable[..., Any]) -> Any:
        self.state.library = _LinkedPart(self.state.targetctx.codegen(), func.__qualname__)
        return super().compile_extra(func)


class _WholeTuple:
    """A named tuple is handed over as one thing, not number by number.

    State and environment are twenty arrays of seven or nine numbers each: taking them apart and putting them together
    at every call was much of the code that there was to optimise, and gone in the end.
    """

    def get_argument_type(self) -> Any:
        return self.get_value_type()  # type: ignore[attr-defined]

    def as_argument(self, builder: Any, value: Any) -> Any:
        return value

    def from_argument(self, builder: Any, value: Any) -> Any:
        return value


class _MixedTuple(_WholeTuple, models.TupleModel): ...


class _EvenTuple(_WholeTuple, models.UniTupleModel): ...


_MODELS: Any = DataModelManager().chain(default_manager)
_MODELS.register(types.NamedTuple, _MixedTuple)  # type: ignore[attr-defined]
_MODELS.register(types.NamedUniTuple, _EvenTuple)  # type: ignore[attr-defined]


class _Flags(compiler.Flags):
    """Numba's flags, which it compares at every operation: what they are is worked out once."""

    _known: tuple[dict[str, Any], dict[str, Any]] | None = None

    def values(self) -> dict[str, Any]:
        if self._known is None or self._known[0] != self._values:
            self._known = dict(self._values), super().values()
        return self._known[1]


def _short_name(name: str, types: Any, *, abi_tags: Any = (), uid: Any = None) -> str:
    """Name of a function in compiled code: a digest in place of the types of its arguments.

    Numba writes types out, and ours are records of records: tens of thousands of letters at every call.
    """
    digest = blake2b(repr((name, [str(kind) for kind in types], abi_tags)).encode(), digest_size=16).hexdigest()
    short: str = default_mangler(name, (), abi_tags=(digest,), uid=uid)
    return short


class _LinkedPart(_LIBRARY):
    """The code of one function, to be linked into others; it cannot be run."""

    def finalize(self) -> None:
        self._raise_if_finalized()
        if hasattr(self, "_reload_init"):  # older numbas have none
            for library in self._linking_libraries:
                self._reload_init.update(library._reload_init)
        self._finalize_dynamic_globals()
        self._finalized = True

    def _optimize_functions(self, ll_module: Any) -> None:
        """As numba's, but for one list of steps for all functions, a short one, and none for those only named.

        It takes what is certain to go out of the way of what puts functions together, which optimises all of it again;
        without it that takes twice as long.
        """
        if not hasattr(self._codegen, "_pass_builder"):  # older numbas
            super()._optimize_functions(ll_module)
            return
        ll_module.data_layout = self._codegen._data_layout
        there = [function for function in ll_module.functions if not function.is_declaration]
        if there:
            steps, builder = self._codegen._function_pass_manager(opt=1)
            for function in there:
                steps.run(function, builder)

    def own_module(self) -> Any:
        """Its own code and no more."""
        return super()._get_module_for_linking()

    def _get_module_for_linking(self) -> Any:
        """Its own code and all that it calls, for a function that is not compiled in parts."""
        module = self.own_module().clone()
        for library in _all_of(self._linking_libraries):
            module.link_in(_module(library), preserve=True)
        return module


class _WholeCode(_LIBRARY):
    """The code of a function and of all that it calls, to be run; nothing is ever linked with it."""

    _linking_libraries: list[Any]

    def finalize(self) -> None:
        self._linking_libraries = [_Own(library) for library in _all_of(self._linking_libraries)]
        super().finalize()

    def _get_module_for_linking(self) -> Any:
        """Only the names of what is in it, which numba wants to know when it takes the machine code from the disk."""
        names = [
            (kind, value.name.replace("\\", "\\5c").replace('"', "\\22"))
            for kind, values in (("f", self._final_module.functions), ("g", self._final_module.global_variables))
            for value in values
            if not value.is_declaration and value.linkage != llvm.Linkage.internal
        ]
        forms = {"f": 'define void @"{}"() {{ ret void }}', "g": '@"{}" = global i8 0'}
        return llvm.parse_assembly("\n".join(forms[kind].format(name) for kind, name in names))


class _Own:
    """A library as numba links it, giving its own code only."""

    def __init__(self, library: Any) -> None:
        self._library = library
        self._reload_init: Any = getattr(library, "_reload_init", set())

    def _get_module_for_linking(self) -> Any:
        return _module(self._library)


def _module(library: Any) -> Any:
    return library.own_module() if isinstance(library, _LinkedPart) else library._get_module_for_linking()


def _all_of(libraries: Iterable[Any]) -> Iterator[Any]:
    """The libraries and all that they call, each once."""
    known: dict[int, Any] = {}
    waiting = list(libraries)[::-1]
    while waiting:
        library = waiting.pop()
        if id(library) in known:
            continue
        known[id(library)] = library
        if isinstance(library, _LinkedPart):
            called: list[Any] = library._linking_libraries
            waiting.extend(called[::-1])
    yield from known.values()
