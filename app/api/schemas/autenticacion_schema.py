"""El contrato del acceso: credenciales que entran y tokens que salen."""

from typing import Annotated

from pydantic import Field, StringConstraints

from app.utils.passwords import LONGITUD_MAXIMA, LONGITUD_MINIMA
from app.utils.schemas import Schema

# Los espacios de los extremos son de quien la eligió.
Contrasena = Annotated[
    str,
    StringConstraints(strip_whitespace=False, min_length=1, max_length=LONGITUD_MAXIMA),
    Field(json_schema_extra={"format": "password", "writeOnly": True}, examples=["tres gatos en el tejado"]),
]
ContrasenaNueva = Annotated[
    str,
    StringConstraints(strip_whitespace=False, min_length=LONGITUD_MINIMA, max_length=LONGITUD_MAXIMA),
    Field(json_schema_extra={"format": "password", "writeOnly": True}, examples=["tres gatos en el tejado"]),
]
Opaco = Annotated[str, Field(min_length=1, max_length=200, examples=["0192f3a27c1e7e7a9a513d2b8f0c1a10.k3Yv…"])]
Codigo = Annotated[str, Field(min_length=6, max_length=40, examples=["492039"])]
# Cualquier texto sirve para intentarlo: un correo mal escrito responde lo mismo que uno desconocido.
Email = Annotated[str, Field(min_length=1, max_length=254, examples=["recepcion@demo.test"])]
CodigoOrganizacion = Annotated[str, Field(min_length=1, max_length=40, examples=["demo"])]


class Acceso(Schema):
    """Correo y contraseña; la organización sólo hace falta si el correo está en varias."""

    email: Email
    contrasena: Contrasena
    organizacion: CodigoOrganizacion | None = None


class Renovar(Schema):
    """El token de renovación recibido con el acceso; vale una vez."""

    token_renovacion: Opaco


class SegundoFactor(Schema):
    """El código de la aplicación de autenticación, o uno de recuperación."""

    token_parcial: Opaco
    codigo: Codigo


class Recuperar(Schema):
    """De quién es la cuenta."""

    email: Email
    organizacion: CodigoOrganizacion | None = None


class Restablecer(Schema):
    """El secreto del enlace recibido y la contraseña nueva."""

    token: Opaco
    contrasena: ContrasenaNueva


class AccesoIntegracion(Schema):
    """La credencial de una integración."""

    cliente_id: str = Field(min_length=1, max_length=100, examples=["0192f3a2….0192f3a4…"])
    secreto: Opaco


class TokensLectura(Schema):
    """Un par de tokens; ``expira_en`` son los segundos que vale el de acceso."""

    token_acceso: str
    token_renovacion: str
    tipo: str = Field(examples=["Bearer"])
    expira_en: int = Field(examples=[900])


class AccesoLectura(Schema):
    """Los tokens o, con segundo factor, lo que hace falta para pedirlos."""

    token_acceso: str | None = None
    token_renovacion: str | None = None
    tipo: str | None = Field(default=None, examples=["Bearer"])
    expira_en: int | None = Field(default=None, examples=[900])
    doble_factor_requerido: bool = False
    token_parcial: str | None = None


class AccesoIntegracionLectura(Schema):
    """El token de acceso de una integración: sin renovación, se vuelve a pedir."""

    token_acceso: str
    tipo: str = Field(examples=["Bearer"])
    expira_en: int = Field(examples=[900])


class Mensaje(Schema):
    """Lo que ha pasado, dicho para una persona."""

    mensaje: str
