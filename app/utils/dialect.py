"""El dialecto con el que SQLAlchemy escribe el SQL: datos numerados, y lo que nunca cambia, en el propio texto."""

from typing import Any

from sqlalchemy import BindParameter
from sqlalchemy.dialects.postgresql import psycopg as psycopg_dialect


class _Compiler(psycopg_dialect.PGCompiler_psycopg):
    """El de SQLAlchemy, que en una lectura escribe en el propio texto los datos que son siempre los mismos.

    Son de la consulta y no de la petición: así ni viajan ni se leen cada vez, y el plan los conoce.
    """

    def visit_bindparam(self, bindparam: BindParameter[Any], *args: Any, **kwargs: Any) -> str:
        if self._is_constant(bindparam):
            kwargs["literal_binds"] = True
        texto: str = super().visit_bindparam(bindparam, *args, **kwargs)  # type: ignore[no-untyped-call]
        return texto

    def _is_constant(self, bindparam: BindParameter[Any]) -> bool:
        if self._cache_key_bind_match is None or not getattr(self.statement, "is_select", False):
            return False
        if bindparam.required or bindparam.callable is not None:
            return False  # lo dice quien ejecuta la consulta, o el contexto
        de_la_peticion = self._cache_key_bind_match[1]
        if any(uno.key in de_la_peticion for uno in bindparam._cloned_set):
            return False
        valores: Any = bindparam.value if bindparam.expanding else [bindparam.value]
        # Un papel o un estado, no: al verlo, el plan puede preferir un índice parcial peor (el GiST de los titulares).
        return bool(valores) and all(type(uno) in (str, int) for uno in valores)


DIALECTO: Any = psycopg_dialect.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
DIALECTO.statement_compiler = _Compiler
