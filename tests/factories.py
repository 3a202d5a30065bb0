"""Clínicas, personas y fichas de prueba: funciones con valores creíbles por defecto."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

RELOJ = "2026-11-23T10:00:00+01:00"
ROLES = ("administrador", "veterinario", "auxiliar", "recepcion", "cliente")
_numero = itertools.count(1)


@dataclass
class Api:
    """Cliente HTTP con identidad y reloj; los métodos devuelven la respuesta de Flask."""

    flask: Flask
    token: str | None = None
    reloj: str | None = RELOJ
    cabeceras: dict[str, str] = field(default_factory=dict)

    def pedir(
        self,
        metodo: str,
        ruta: str,
        *,
        version: int | str | None = None,
        clave: Any = None,
        reloj: str | None = None,
        headers: dict[str, str] | None = None,
        **opciones: Any,
    ) -> TestResponse:
        """Una petición; ``version`` va en If-Match y ``clave=True`` genera una Idempotency-Key."""
        cabeceras = dict(self.cabeceras)
        if self.token:
            cabeceras["Authorization"] = f"Bearer {self.token}"
        if reloj or self.reloj:
            cabeceras["X-Servet-Reloj"] = reloj or self.reloj
        if version is not None:
            cabeceras["If-Match"] = f'"{version}"'
        if clave is not None:
            cabeceras["Idempotency-Key"] = str(uuid4()) if clave is True else clave
        cabeceras.update(headers or {})
        if not ruta.startswith("/api/") and not ruta.startswith("/."):
            ruta = f"/api/v1{ruta}"
        return self.flask.test_client().open(ruta, method=metodo, headers=cabeceras, **opciones)

    def get(self, ruta: str, **opciones: Any) -> TestResponse:
        return self.pedir("GET", ruta, **opciones)

    def post(self, ruta: str, json: Any = None, **opciones: Any) -> TestResponse:
        return (
            self.pedir("POST", ruta, json=json, **opciones)
            if json is not None
            else self.pedir("POST", ruta, **opciones)
        )

    def patch(self, ruta: str, json: Any, **opciones: Any) -> TestResponse:
        return self.pedir("PATCH", ruta, json=json, **opciones)

    def put(self, ruta: str, json: Any, **opciones: Any) -> TestResponse:
        return self.pedir("PUT", ruta, json=json, **opciones)

    def delete(self, ruta: str, **opciones: Any) -> TestResponse:
        return self.pedir("DELETE", ruta, **opciones)


@dataclass
class Clinica:
    """Organización de prueba: sus ids y un cliente HTTP por persona."""

    flask: Flask
    id: UUID
    codigo: str
    sede_id: UUID
    sede2_id: UUID
    usuarios: dict[str, UUID]
    profesionales: dict[str, UUID]
    cliente_id: UUID
    tokens: dict[str, str]

    def como(self, rol: str) -> Api:
        """Cliente HTTP de la persona con ese rol (``veterinario2`` es la segunda veterinaria)."""
        return Api(self.flask, self.tokens[rol])

    @property
    def anonimo(self) -> Api:
        return Api(self.flask)


def crear_clinica(
    app: Flask, nombre: str = "Clínica de prueba", zona: str = "Europe/Madrid", pais: str = "ES"
) -> Clinica:
    """Organización con dos sedes (MAD y LPA) y una persona de cada rol, ya con sesión abierta."""
    from app.api.models.cliente import Cliente, TipoCliente
    from app.api.models.profesional import Categoria, Profesional
    from app.api.models.sede import Sede
    from app.api.models.usuario import EstadoUsuario, Sesion, Usuario, UsuarioSede
    from app.api.services.instalacion_service import crear_organizacion
    from app.api.services.siembra_service import sembrar_vacunas
    from app.config.database import transaction
    from app.utils.context import Contexto, iniciar
    from app.utils.records import add
    from app.utils.tokens import issue_access

    numero = next(_numero)
    codigo = f"org-{uuid4().hex[:10]}"
    organizacion = crear_organizacion(codigo, f"{nombre} {numero}", pais, "EUR", "A58818501")
    iniciar(Contexto(organizacion_id=organizacion))
    usuarios: dict[str, UUID] = {}
    profesionales: dict[str, UUID] = {}
    tokens: dict[str, str] = {}
    ahora = datetime.now(UTC) - timedelta(minutes=1)
    with transaction():
        sembrar_vacunas(pais)
        sede = add(Sede(codigo="MAD", nombre="Madrid", zona_horaria=zona, territorio_fiscal="ES-IVA"))
        sede2 = add(
            Sede(codigo="LPA", nombre="Las Palmas", zona_horaria="Atlantic/Canary", territorio_fiscal="ES-IGIC")
        )
        cliente = add(
            Cliente(
                codigo="CLI-000000",
                tipo=TipoCliente.PERSONA,
                nombre="Carmen",
                apellidos="Núñez Prado",
                telefonos=[{"numero": "+34600000001", "principal": True}],
                email=f"carmen@{codigo}.test",
                # Anterior al reloj de las pruebas, sea cual sea la hora de verdad.
                creado_en=datetime.fromisoformat(RELOJ) - timedelta(days=1),
            )
        )
        for clave in (*ROLES, "veterinario2"):
            rol = clave.rstrip("2")
            usuario = add(
                Usuario(
                    email=f"{clave}@{codigo}.test",
                    nombre=f"Persona {clave}",
                    roles=[rol],
                    estado=EstadoUsuario.ACTIVO,
                    valida_desde=ahora,
                    cliente_id=cliente.id if rol == "cliente" else None,
                )
            )
            usuarios[clave] = usuario.id
            if rol not in ("administrador", "cliente"):
                add(UsuarioSede(usuario_id=usuario.id, sede_id=sede.id))
                add(UsuarioSede(usuario_id=usuario.id, sede_id=sede2.id))
            if rol in ("veterinario", "auxiliar"):
                ficha = add(
                    Profesional(
                        usuario_id=usuario.id,
                        nombre=f"Persona {clave}",
                        categoria=Categoria(rol),
                        num_colegiado="2801234" if rol == "veterinario" else None,
                    )
                )
                profesionales[clave] = ficha.id
            sesion = add(Sesion(usuario_id=usuario.id, creada_en=ahora, expira_en=ahora + timedelta(days=30)))
            tokens[clave] = issue_access(
                usuario.id, {"tipo": "usuario", "org": str(organizacion), "sid": str(sesion.id)}
            )
    iniciar(Contexto())
    return Clinica(app, organizacion, codigo, sede.id, sede2.id, usuarios, profesionales, cliente.id, tokens)


def datos_paciente(clinica: Clinica, **cambios: Any) -> dict[str, Any]:
    """Cuerpo de alta de un paciente."""
    base = {
        "nombre": "Luna",
        "cliente_id": str(clinica.cliente_id),
        "especie": "perro",
        "raza": "border_collie",
        "sexo": "hembra",
        "esterilizado": "si",
        "fecha_nacimiento": "2024-05-02",
        "precision_nacimiento": "exacta",
    }
    return {clave: valor for clave, valor in {**base, **cambios}.items() if valor is not ...}


def crear_paciente(clinica: Clinica, **cambios: Any) -> dict[str, Any]:
    """Da de alta un paciente como recepción y devuelve su ficha."""
    respuesta = clinica.como("recepcion").post("/pacientes", datos_paciente(clinica, **cambios))
    assert respuesta.status_code == 201, respuesta.text
    return respuesta.json


def datos_cliente(**cambios: Any) -> dict[str, Any]:
    """Cuerpo de alta de un cliente."""
    base = {"tipo": "persona", "nombre": "Ana", "apellidos": "Ruiz Peña", "telefonos": [{"numero": "+34612345678"}]}
    return {clave: valor for clave, valor in {**base, **cambios}.items() if valor is not ...}


def crear_cliente(clinica: Clinica, **cambios: Any) -> dict[str, Any]:
    """Da de alta un cliente como recepción y devuelve su ficha."""
    respuesta = clinica.como("recepcion").post("/clientes", datos_cliente(**cambios))
    assert respuesta.status_code == 201, respuesta.text
    return respuesta.json


def contar(tabla: str, clinica: Clinica) -> int:
    """Filas de una tabla en la organización, vistas con el rol de la aplicación."""
    from sqlalchemy import func, table

    from app.config.database import transaction
    from app.utils.context import Contexto, iniciar
    from app.utils.records import fetch

    iniciar(Contexto(organizacion_id=clinica.id))
    with transaction():
        (total,) = fetch(select(func.count()).select_from(table(tabla)))
    iniciar(Contexto())
    return int(total)


def cita_directa(clinica: Clinica, sede_id: UUID, inicio: datetime, estado: str) -> UUID:
    """Una cita escrita sin pasar por la agenda, para mirar qué hacen otros con las que hay."""
    from app.api.models.agenda import TipoCita
    from app.api.models.cita import Cita, EstadoCita, OrigenCita
    from app.config.database import transaction
    from app.utils.context import Contexto, iniciar
    from app.utils.records import add

    paciente = crear_paciente(clinica)
    iniciar(Contexto(organizacion_id=clinica.id))
    with transaction():
        tipo = add(TipoCita(codigo=f"t-{uuid4().hex[:8]}", nombre="Prueba", duracion_min=20))
        cita = add(
            Cita(
                codigo=f"C-{uuid4().hex[:8]}",
                sede_id=sede_id,
                tipo_cita_id=tipo.id,
                cliente_id=clinica.cliente_id,
                paciente_id=UUID(paciente["id"]),
                inicio=inicio,
                fin=inicio + timedelta(minutes=20),
                estado=EstadoCita(estado),
                origen=OrigenCita.RECEPCION,
            )
        )
    iniciar(Contexto())
    return cita.id


@dataclass
class Agenda:
    """Lo que hace falta para reservar: tipos por código, salas y pacientes a mano."""

    clinica: Clinica
    tipos: dict[str, str]
    salas: list[str]
    pacientes: list[str]

    def datos(self, **cambios: Any) -> dict[str, Any]:
        """Cuerpo de reserva: consulta general de V1 el 2027-01-15 a las 10:00 de Madrid."""
        base = {
            "sede_id": str(self.clinica.sede_id),
            "tipo_cita_id": self.tipos["consulta_general"],
            "cliente_id": str(self.clinica.cliente_id),
            "paciente_id": self.pacientes[0],
            "profesional_id": str(self.clinica.profesionales["veterinario"]),
            "inicio": "2027-01-15T10:00:00+01:00",
            "motivo": "Cojera",
        }
        if "hora_local" in cambios:
            base.pop("inicio")
        return {clave: valor for clave, valor in {**base, **cambios}.items() if valor is not ...}

    def reservar(self, rol: str = "recepcion", reloj: str | None = None, **cambios: Any) -> TestResponse:
        """Pide una cita y devuelve la respuesta."""
        return self.clinica.como(rol).post("/citas", self.datos(**cambios), clave=True, reloj=reloj)


def preparar_agenda(clinica: Clinica, pacientes: int = 3) -> Agenda:
    """Tipos de cita semilla, dos salas por sede, agenda abierta día y noche y unos cuantos pacientes."""
    from datetime import date, time

    from app.api.models.agenda import Horario, Recurso, TipoCita, TipoRecurso
    from app.api.services.tipos_cita_service import sembrar_tipos_cita
    from app.config.database import transaction
    from app.utils.context import Contexto, iniciar
    from app.utils.records import add, rows

    iniciar(Contexto(organizacion_id=clinica.id))
    with transaction():
        sembrar_tipos_cita()
        tipos = {fila.codigo: str(fila.id) for fila in rows(select(TipoCita.codigo, TipoCita.id))}
        salas = [
            str(
                add(
                    Recurso(sede_id=clinica.sede_id, codigo=f"S{n}", nombre=f"Sala {n}", tipo=TipoRecurso.SALA_CONSULTA)
                ).id
            )
            for n in (1, 2)
        ]
        for sede in (clinica.sede_id, clinica.sede2_id):
            for profesional in clinica.profesionales.values():
                for dia in range(1, 8):
                    add(
                        Horario(
                            sede_id=sede,
                            profesional_id=profesional,
                            dia_semana=dia,
                            hora_inicio=time(0),
                            hora_fin=time(0),
                            desde=date(2026, 1, 1),
                        )
                    )
    iniciar(Contexto())
    animales = [crear_paciente(clinica, nombre=f"Paciente {n}")["id"] for n in range(pacientes)]
    return Agenda(clinica, tipos, salas, animales)


def preparar_medicacion(clinica: Clinica) -> dict[str, str]:
    """Principios activos y reglas semilla; devuelve el id de cada principio por su código."""
    from app.api.models.medicamento import PrincipioActivo
    from app.api.services.siembra_service import sembrar_medicacion
    from app.config.database import transaction
    from app.utils.context import Contexto, iniciar
    from app.utils.records import rows

    iniciar(Contexto(organizacion_id=clinica.id))
    with transaction():
        sembrar_medicacion()
        ids = {fila.codigo: str(fila.id) for fila in rows(select(PrincipioActivo.codigo, PrincipioActivo.id))}
    iniciar(Contexto())
    return ids


CONTRASENA = "tres gatos en el tejado"


@cache
def _huella() -> str:
    from app.utils.passwords import hash_password

    return hash_password(CONTRASENA)


def poner_contrasena(clinica: Clinica, *claves: str, **cambios: Any) -> str:
    """Da la contraseña de prueba a esas personas (y otros cambios en su cuenta); devuelve el correo de la primera."""
    from sqlalchemy import update

    from app.api.models.usuario import Usuario
    from app.config.database import transaction
    from app.utils.context import Contexto, iniciar
    from app.utils.records import execute

    iniciar(Contexto(organizacion_id=clinica.id))
    with transaction():
        for clave in claves:
            valores = {"contrasena_huella": _huella(), **cambios}
            execute(update(Usuario).where(Usuario.id == clinica.usuarios[clave]).values(**valores))
    iniciar(Contexto())
    return f"{claves[0]}@{clinica.codigo}.test"


def acceder(clinica: Clinica, email: str, contrasena: str = CONTRASENA, **datos: Any) -> TestResponse:
    """Un intento de acceso."""
    return clinica.anonimo.post("/autenticacion/acceso", {"email": email, "contrasena": contrasena, **datos})


@dataclass
class Correo:
    """Un correo del buzón, ya descifrado."""

    tipo: str
    destinatario: str
    asunto: str
    cuerpo: str


def leer_buzon(clinica: Clinica) -> list[Correo]:
    """Los correos que la clínica tiene pendientes de enviar, del primero al último."""
    from app.api.models.buzon import Envio
    from app.config.database import transaction
    from app.utils.cifrado import descifrar
    from app.utils.context import Contexto, iniciar
    from app.utils.records import entities

    iniciar(Contexto(organizacion_id=clinica.id))
    with transaction():
        envios = entities(select(Envio).where(Envio.enviado_en.is_(None)).order_by(Envio.creado_en))
        correos = [Correo(e.tipo, e.destinatario, e.asunto, descifrar(e.cuerpo_cifrado).decode()) for e in envios]
    iniciar(Contexto())
    return correos


def crear_medicamento(clinica: Clinica, principios: dict[str, str], **cambios: Any) -> str:
    """Da de alta un medicamento con esos principios (id -> concentración en mg por unidad) y devuelve su id."""
    cuerpo = {
        "nombre": "Medicamento de prueba",
        "forma": "Comprimido",
        "unidad_base": "comprimido",
        "fracciones": ["1", "0.5"],
        "unidades_envase": "10",
        "principios": [{"principio_id": id, "concentracion": mg} for id, mg in principios.items()],
        **cambios,
    }
    respuesta = clinica.como("veterinario").post("/medicamentos", cuerpo)
    assert respuesta.status_code == 201, respuesta.text
    return str(respuesta.json["id"])


def pesar(clinica: Clinica, paciente_id: str, kg: str, **cambios: Any) -> None:
    """Pesa a un paciente en la báscula, ahora."""
    cuerpo = {"peso_kg": kg, "metodo": "bascula", **cambios}
    respuesta = clinica.como("veterinario").post(f"/pacientes/{paciente_id}/pesos", cuerpo)
    assert respuesta.status_code == 201, respuesta.text
