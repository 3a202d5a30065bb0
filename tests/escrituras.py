"""Una clínica en la que escribir: lo que una ruta podría recorrer está puesto antes, una vez o muchas."""

import itertools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pyotp
from sqlalchemy import select

from app.api.models.esquema import Base
from app.api.models.usuario import Proposito
from app.api.services import enlaces_service
from app.config.database import transaction
from app.utils.context import Contexto, iniciar
from app.utils.entities import nuevo_id
from app.utils.records import add_all, fetch
from app.utils.tokens import issue_access
from tests import recetario
from tests.factories import RELOJ, Clinica, acceder, poner_contrasena, preparar_agenda

TABLAS = {uno.class_.__tablename__: uno.class_ for uno in Base.registry.mappers}
LAS_DIEZ, PASADAS = "2027-01-15T10:00:00+01:00", "2027-01-15T10:16:00+01:00"
HOY, DESDE, RATO, MEDIA_HORA = (
    datetime.fromisoformat(RELOJ),
    date(2026, 1, 1),
    timedelta(minutes=20),
    timedelta(minutes=30),
)
NAVIDAD, REYES, ANTES = (datetime(*dia, tzinfo=UTC) for dia in ((2026, 12, 25), (2027, 1, 6), (2026, 2, 1)))
EN_UNA_CITA = 10  # animales o salas, como mucho
_numero = itertools.count(1)


class Taller:
    """Una clínica en la que todo lo que se prepara es nuevo y lleva ``cuantos`` de cada cosa que le cuelga.

    Una preparación no estorba a otra: cada una tiene sus animales, su profesional y sus salas.
    """

    def __init__(self, clinica: Clinica, cuantos: int) -> None:
        self.clinica, self.cuantos, self.en_una_cita = clinica, cuantos, min(cuantos, EN_UNA_CITA)
        self.agenda = preparar_agenda(clinica, pacientes=1)
        self.sede_id, self.cliente_id = clinica.sede_id, clinica.cliente_id
        self.veces: list[dict[str, Any]] = [{}] * cuantos
        self.sedes = [self.sede_id, *(self.sede() for _ in range(cuantos - 1))]
        # De sobra: un paciente espera una sola vez cada uno.
        self.tipos = [self.tipo() for _ in range(2 * cuantos)]
        self.vacuna = self.producto()

    @contextmanager
    def dentro(self) -> Iterator[None]:
        """Una transacción de la clínica, para escribir sin pasar por la API."""
        iniciar(Contexto(organizacion_id=self.clinica.id, reloj=HOY))
        with transaction():
            yield
        iniciar(Contexto())

    def poner(self, tabla: str, filas: Iterable[dict[str, Any]] = ({},), **comunes: Any) -> list[UUID]:
        """Escribe unas filas, con lo común a todas, y devuelve sus ids."""
        with self.dentro():
            return [una.id for una in add_all(TABLAS[tabla](**comunes, **fila) for fila in filas)]

    def uno_de(self, tabla: str, **iguales: Any) -> UUID:
        """El primero de los que cuelgan de otra cosa."""
        consulta = select(TABLAS[tabla].id).filter_by(**iguales).order_by(TABLAS[tabla].id).limit(1)
        with self.dentro():
            return fetch(consulta, alcance=False)[0]

    def hecho(self, ruta: str, cuerpo: Any = None, como: str = "administrador", **opciones: Any) -> Any:
        """Lo que responde la API a un paso previo, que tiene que salir bien."""
        respuesta = self.clinica.como(como).post(ruta, cuerpo, **opciones)
        assert respuesta.status_code < 300, (ruta, respuesta.text)
        return respuesta.json

    def tipo(self) -> UUID:
        return self.poner("tipos_cita", codigo=f"t{next(_numero)}", nombre="Prueba", duracion_min=20)[0]

    def sede(self) -> UUID:
        donde = {"zona_horaria": "Europe/Madrid", "territorio_fiscal": "ES-IVA"}
        return self.poner("sedes", codigo=f"S{next(_numero)}", nombre="Otra", **donde)[0]

    def producto(self, **ficha: Any) -> UUID:
        """Una vacuna que cubre dos protocolos."""
        comun = {"sku": f"V{next(_numero)}", "nombre": "Vacuna", "tipo": "vacuna", "unidad_base": "dosis"}
        (id,) = self.poner("productos", **comun)
        cubre = {"protocolos": ["perro_esencial", "rabia"], "especies": ["perro"], "via": "subcutanea", **ficha}
        self.poner("productos_vacuna", producto_id=id, antigenos=["rabia"], **cubre)
        return id

    def vacunado(self, **de: Any) -> UUID:
        """Un animal con ``cuantos`` vacunas de un producto; sin decir cuál, de la de siempre."""
        (uno,) = self.animales(1)
        self.vacunas(uno, **de)
        return uno

    def vacunas(self, uno: UUID, **de: Any) -> None:
        dias = [{"fecha": DESDE - timedelta(weeks=n)} for n in range(self.cuantos)]
        comun = {"producto_id": self.vacuna, "externa": True, "paciente_id": uno, **de}
        puestas = self.poner("vacunaciones", dias, **comun)
        filas = [{"vacunacion_id": una} for una in puestas]
        self.poner("vacunaciones_protocolos", filas, paciente_id=uno, protocolo="rabia", numero_en_serie=1)
        self.poner("desparasitaciones", dias, paciente_id=uno, tipo="interna", principios=["praziquantel"])

    def una_vacuna(self) -> UUID:
        """Una de un animal con otras tantas, de otro centro y sin fecha fijada."""
        (suya,) = self.poner(
            "vacunaciones", paciente_id=self.vacunado(), producto_id=self.vacuna, externa=True, fecha=HOY.date()
        )
        return suya

    def protocolo(self) -> UUID:
        """Un protocolo que siguen ``cuantos`` animales."""
        codigo = f"p{next(_numero)}"
        producto = self.producto(protocolos=[codigo])
        for uno in self.animales(self.cuantos):
            self.poner("vacunaciones", paciente_id=uno, producto_id=producto, externa=True, fecha=DESDE)
        datos = {"nombre": "Prueba", "especies": ["perro"], "clase": "no_esencial", "tipo": "dosis", "fuente": "D"}
        return self.poner("protocolos_vacunales", codigo=codigo, edad_min_semanas=8, estado="orientativo", **datos)[0]

    def requisito(self) -> UUID:
        """Lo que exige un territorio de ese protocolo."""
        codigo = self.codigo_de(self.protocolo())
        datos = {
            "especie": "perro",
            "obligatoria": True,
            "vigente_desde": DESDE,
            "fuente": "D",
            "estado": "orientativo",
        }
        return self.poner("requisitos_territoriales", territorio="ES-XX", protocolo=codigo, **datos)[0]

    def codigo_de(self, protocolo: UUID) -> str:
        modelo = TABLAS["protocolos_vacunales"]
        with self.dentro():
            return fetch(select(modelo.codigo).where(modelo.id == protocolo))[0]

    def salas(self, cuantas: int) -> list[UUID]:
        codigos = [{"codigo": f"R{n}"} for n in itertools.islice(_numero, cuantas)]
        return self.poner("recursos", codigos, sede_id=self.sede_id, nombre="Sala", tipo="sala_consulta", capacidad=2)

    def vet(self) -> UUID:
        """Quien atiende a cualquier hora y no tiene nada en su agenda."""
        (quien,) = self.poner("usuarios", email=f"v{next(_numero)}@vets.test", nombre="Eva", roles=["veterinario"])
        return self.poner("profesionales", usuario_id=quien, nombre="Eva", categoria="veterinario")[0]

    def persona(self, rol: str = "recepcion", estado: str = "activo") -> str:
        """Alguien con contraseña y ``cuantos`` sedes, sesiones y enlaces; devuelve su clave en la clínica."""
        clave, ayer = f"{rol}{next(_numero)}", datetime.now(UTC) - timedelta(days=1)
        ficha = {"email": self.correo(clave), "nombre": clave, "roles": [rol], "estado": estado}
        (quien,) = self.poner("usuarios", **ficha, valida_desde=ayer)
        dura = {"creada_en": ayer, "expira_en": ayer + timedelta(days=30)}
        sid, *_ = self.poner("sesiones", self.veces, usuario_id=quien, **dura)
        self.enlaces([quien] * self.cuantos)
        self.poner("usuarios_sedes", ({"sede_id": sede} for sede in self.sedes), usuario_id=quien)
        carga = {"tipo": "usuario", "org": str(self.clinica.id), "sid": str(sid)}
        self.clinica.usuarios[clave], self.clinica.tokens[clave] = quien, issue_access(quien, carga)
        poner_contrasena(self.clinica, clave)
        return clave

    def usuario(self, **de: Any) -> UUID:
        return self.clinica.usuarios[self.persona(**de)]

    def correo(self, clave: str) -> str:
        return f"{clave}@{self.clinica.codigo}.test"

    def enlaces(self, usuarios: list[UUID]) -> None:
        pares = itertools.product(usuarios, ("invitacion", "restablecimiento"))
        de = [{"usuario_id": uno, "proposito": para, "huella": nuevo_id().bytes} for uno, para in pares]
        self.poner("enlaces", de, expira_en=datetime.now(UTC) + RATO)

    def secreto(self) -> str:
        """El de un enlace con el que alguien puede elegir contraseña."""
        usuario = self.usuario()
        with self.dentro():
            return enlaces_service.crear(usuario, Proposito.RESTABLECIMIENTO)

    def sesion(self, clave: str | None = None) -> dict[str, Any]:
        """Lo que recibe esa persona, o una nueva, al entrar con su contraseña."""
        return acceder(self.clinica, self.correo(clave or self.persona())).json

    def factor(self, activo: bool = True) -> dict[str, str]:
        """Alguien con el segundo factor, y su código de recuperación; o el que falta para activarlo."""
        clave = self.persona()
        codigo = pyotp.TOTP(self.hecho("/yo/doble-factor", como=clave)["secreto"]).now()
        if activo:
            dados = self.hecho("/yo/doble-factor/confirmacion", {"codigo": codigo}, como=clave)
            codigo = dados["codigos_recuperacion"][0]
        return {"como": clave, "codigo": codigo}

    def integracion(self) -> dict[str, Any]:
        cuerpo = {"nombre": "Laboratorio", "ambitos": ["citas:leer"], "sedes": self.sedes}
        return self.hecho("/integraciones", cuerpo)

    def principios(self, cuantos: int) -> list[UUID]:
        codigos = ({"codigo": f"p{n}"} for n in itertools.islice(_numero, cuantos))
        return self.poner("principios_activos", codigos, nombre_dci="Principio")

    def medicamento(self) -> UUID:
        """Un medicamento con muchos principios."""
        comunes = {"forma": "Comprimido", "unidad_base": "comprimido", "unidades_envase": 10}
        (uno,) = self.poner("medicamentos", nombre="Combinado", **comunes)
        lleva = ({"principio_id": id, "orden": n} for n, id in enumerate(self.principios(self.cuantos)))
        self.poner("medicamentos_principios", lleva, medicamento_id=uno, concentracion=50, unidad="mg")
        return uno

    def llevan(self) -> dict[str, Any]:
        """Los principios de un medicamento, muchos."""
        ids = self.principios(self.en_una_cita)
        return {"principios": [{"principio_id": str(id), "concentracion": "50"} for id in ids]}

    def regla(self) -> UUID:
        suya = {"codigo": "AL50", "variante": next(_numero), "tipo": "duplicidad", "gravedad": "aviso"}
        return self.poner("reglas_alerta", **suya, mensaje="Ya lo toma")[0]

    def lineas(self) -> list[dict[str, Any]]:
        """Muchas líneas, cada una de un medicamento distinto."""
        return [{"medicamento_id": str(self.medicamento()), "via": "oral"} for _ in range(self.en_una_cita)]

    def personas(self, cuantas: int, **campos: Any) -> list[UUID]:
        """Fichas de cliente sin nada más."""
        filas = [{"codigo": f"C-{n}", "email": f"ana{n}@casa.test"} for n in itertools.islice(_numero, cuantas)]
        return self.poner("clientes", filas, tipo="persona", nombre="Ana", **campos)

    def animales(self, cuantos: int, **campos: Any) -> list[UUID]:
        """Pacientes de la clienta de siempre, que deja sitio a ``cuantos`` cotitulares."""
        de = {"nombre": "Luna", "especie": "perro", "sexo": "hembra", "esterilizado": "si", **campos}
        ids = self.poner("pacientes", [{"codigo": f"P-{n}"} for n in itertools.islice(_numero, cuantos)], **de)
        parte = {"cliente_id": self.cliente_id, "porcentaje": 100 - self.cuantos, "desde": DESDE}
        self.poner("titularidades", ({"paciente_id": uno} for uno in ids), **parte)
        return ids

    def paciente(self, **campos: Any) -> UUID:
        """Un paciente con historia, cotitulares, tareas, citas solo y acompañado, esperas y ofertas.

        Cada hueco que deje tiene a alguien esperándolo.
        """
        (uno,), (otro, acompanante), vet = self.animales(1, **campos), self.animales(2), self.vet()
        suyo, horas = {"paciente_id": uno}, ({"medido_en": HOY - timedelta(hours=n)} for n in range(self.cuantos))
        de = [{"cliente_id": persona} for persona in self.personas(self.cuantos)]
        self.poner("titularidades", de, rol="cotitular", porcentaje=1, desde=DESDE, **suyo)
        self.poner("pesos", horas, peso_kg=12, metodo="bascula", **suyo)
        self.poner("alergias", self.veces, agente_tipo="alimento", agente_ref="pollo", gravedad="leve", **suyo)
        self.poner("problemas", self.veces, texto="Artrosis", fecha_inicio=DESDE, **suyo)
        self.consultas(uno)
        self.poner("alertas", self.veces, tipo="manejo", texto="Muerde", **suyo)
        self.adjuntos(**suyo)
        for tipo in ("comunicar_perdida", "comunicar_fallecimiento", "comunicar_registro"):
            self.poner("tareas", self.veces, tipo=tipo, texto="Llamar", **suyo)
        self.vacunas(uno)
        self.citas(NAVIDAD, profesional_id=vet, **suyo)
        self.citas(NAVIDAD, con=acompanante, profesional_id=vet, **suyo)
        self.esperas(uno, vet, self.tipos[: self.cuantos])
        self.esperas(uno, vet, self.tipos[self.cuantos :], REYES)
        self.esperas(otro, vet, self.tipos)
        return uno

    def adjuntos(self, **campos: Any) -> list[UUID]:
        """Fichas de adjuntos sin contenido en el almacén: aquí se cuentan sentencias."""
        de = {
            "clase": "administrativo",
            "nombre": "nota.txt",
            "tipo_mime": "text/plain",
            "bytes": 1,
            "sha256": "a" * 64,
        }
        return self.poner("adjuntos", self.veces, **{**de, **campos})

    def adjunto(self, **campos: Any) -> UUID:
        return self.adjuntos(paciente_id=self.paciente(), **campos)[0]

    def colegiado(self) -> UUID:
        """El profesional que firma por la veterinaria de la clínica."""
        return self.clinica.profesionales["veterinario"]

    def consultas(self, paciente: UUID) -> list[UUID]:
        """``cuantos`` consultas abiertas del paciente, con cosas dentro y listas para cerrarse."""
        de = {"paciente_id": paciente, "sede_id": self.sede_id, "veterinario_id": self.colegiado()}
        escrito = {"motivo": "Tos", "valoracion": "Traqueítis", "plan": "Reposo"}
        ids = self.poner("consultas", self.veces, inicio=HOY, **de, **escrito)
        suyo = {"consulta_id": ids[0]}
        self.poner("constantes", self.veces, tomadas_en=HOY, temperatura=38, **suyo)
        self.poner("diagnosticos", self.veces, texto="Tos", certeza="presuntivo", **suyo)
        self.poner("pesos", self.veces, peso_kg=12, metodo="bascula", medido_en=ANTES, paciente_id=paciente, **suyo)
        return ids

    def consulta(self, *, cerrada: bool = False) -> UUID:
        """Una consulta con muchas cosas dentro; cerrada, con ``cuantos`` enmiendas."""
        id = self.consultas(self.animales(1)[0])[0]
        if cerrada:
            self.hecho(f"/consultas/{id}/cierre", {}, como="veterinario")
            for n in range(self.cuantos):
                cuerpo = {"seccion": "plan", "texto": f"Y jarabe {n}", "motivo": "Se olvidó"}
                self.hecho(f"/consultas/{id}/enmiendas", cuerpo, como="veterinario")
        return id

    def de_consulta(self, tabla: str) -> UUID:
        return self.uno_de(tabla, consulta_id=self.consulta())

    def tratado(self) -> UUID:
        """Un paciente recién pesado al que ya se han dado muchas cosas."""
        (uno,), suyo = self.animales(1), {"via": "oral", "indicacion": "Dolor", "lote": "L-1", "unidad": "ml"}
        self.poner("pesos", peso_kg=12, metodo="bascula", medido_en=HOY - RATO, paciente_id=uno)
        de = {"paciente_id": uno, "sede_id": self.sede_id, "veterinario_id": self.colegiado(), "cantidad": 1}
        dado = {"medicamento_id": recetario.crear_medicamento(self.clinica), "en": HOY - RATO, "fecha": HOY.date()}
        self.poner("administraciones", self.veces, caducidad_lote=NAVIDAD.date(), **de, **dado, **suyo)
        return uno

    def controlado(self, **de: Any) -> str:
        """Un medicamento controlado del que hay existencias, con muchos asientos."""
        cual = recetario.crear_medicamento(self.clinica, control="psicotropo", **de)
        entrada = {"medicamento_id": cual, "tipo": "entrada", "cantidad": "20", "sede_id": str(self.sede_id)}
        for _ in range(self.cuantos):
            self.hecho("/registro-controlados", entrada, como="veterinario")
        return cual

    def lineas_receta(self) -> list[dict[str, Any]]:
        """Tantas líneas como toque, todas de antibióticos."""
        antibioticos = [
            recetario.crear_medicamento(self.clinica, grupo="antibiotico", categoria="D") for _ in self.veces
        ]
        return [recetario.linea(uno) for uno in antibioticos]

    def receta(self, *pasos: str) -> str:
        """Una receta con muchas líneas, llevada por esos pasos."""
        sede = str(self.clinica.sede2_id)
        self.clinica.como("administrador").patch(f"/sedes/{sede}", {"telefono": "+34910000000"}, version="*")
        de = {"finalidad_antimicrobiana": "terapeutica", "sede_id": sede}
        cuerpo = recetario.datos_receta(str(self.tratado()), *self.lineas_receta(), **de)
        id = self.hecho("/recetas", cuerpo, como="veterinario")["id"]
        for paso in pasos:
            self.hecho(f"/recetas/{id}/{paso}", como="veterinario")
        return str(id)

    def comunicaciones(self, *, exportadas: bool = False) -> list[dict[str, str]]:
        """Muchas comunicaciones pendientes, o ya exportadas y a falta de acuse."""
        self.receta("emision")
        if exportadas:
            self.hecho("/comunicaciones-antibioticos/exportacion", {})
        estado = "exportada" if exportadas else "pendiente"
        lista = f"/comunicaciones-antibioticos?estado={estado}&limite={self.cuantos}&orden=-fecha"
        suyas = self.clinica.como("veterinario").get(lista).json["datos"]
        return [{"id": una["id"], "resultado": "comunicada"} for una in suyas]

    def suceso(self) -> UUID:
        de = {"sede_id": self.sede_id, "veterinario_id": self.colegiado(), "fecha": HOY.date()}
        return self.poner("sucesos_adversos", tipo="sospecha", descripcion="Vómitos", producto_texto="Pipeta", **de)[0]

    def sistema(self) -> UUID:
        codigo = f"s{next(_numero)}"
        return self.poner("sistemas_codificacion", codigo=codigo, nombre="S", version_sistema="1", licencia="Sí")[0]

    def de_paciente(self, tabla: str, **iguales: Any) -> UUID:
        return self.uno_de(tabla, paciente_id=self.paciente(), **iguales)

    def cliente(self, animales: list[UUID] | None = None, **campos: Any) -> UUID:
        """Un cliente con animales, autorizados, consentimientos, cuentas viejas y fichas fundidas; nada pendiente."""
        (uno,), vet, animales = self.personas(1, **campos), self.vet(), animales or self.animales(self.cuantos)
        suyo, cualquiera = {"cliente_id": uno}, {"nombre": "Ana", "desde": DESDE}
        self.adjuntos(**suyo)
        correos = [f"vieja{n}@casa.test" for n in itertools.islice(_numero, self.cuantos)]
        cuenta = {"nombre": "Ana", "roles": ["cliente"], "estado": "baja", **suyo}
        self.enlaces(self.poner("usuarios", ({"email": correo} for correo in correos), **cuenta))
        self.poner("buzon_salida", ({"destinatario": correo} for correo in correos), tipo="invitacion", asunto="Hola")
        self.personas(self.cuantos, estado="fusionado", fusionado_en_id=uno)
        parte = {"rol": "cotitular", "porcentaje": 1, "desde": DESDE, "documento": "DNI", **suyo}
        self.poner("titularidades", ({"paciente_id": animal} for animal in animales), **parte)
        self.poner("autorizados", self.veces, **suyo, **cualquiera)
        self.poner("autorizados", self.veces, cliente_id=self.cliente_id, cliente_autorizado_id=uno, **cualquiera)
        dicho = {"finalidad": "asistencia", "base_legal": "contrato", "texto_version": "1", "canal": "web"}
        self.poner("consentimientos_datos", self.veces, otorgado=True, **dicho, **suyo)
        self.citas(ANTES, profesional_id=vet, paciente_id=animales[0], estado="finalizada", **suyo)
        self.esperas(animales[0], vet, self.tipos, estado="baja", **suyo)
        return uno

    def citas(self, dia: datetime, sedes: list[UUID] | None = None, con: UUID | None = None, **campos: Any) -> None:
        """Citas cada media hora desde ese día, una por sede (por defecto, ``cuantos`` en la de siempre)."""
        filas = []
        for n, sede in enumerate(sedes or [self.sede_id] * self.cuantos):
            inicio = dia + n * MEDIA_HORA
            filas.append({"codigo": f"X-{next(_numero)}", "sede_id": sede, "inicio": inicio, "fin": inicio + RATO})
        sala = campos.pop("recurso_id", None) or self.agenda.salas[0]
        comunes = {"cliente_id": self.cliente_id, "tipo_cita_id": self.tipos[0], "estado": "confirmada", **campos}
        ids = [{"cita_id": id} for id in self.poner("citas", filas, origen="recepcion", **comunes)]
        self.poner("citas_recursos", ids, recurso_id=sala)
        if con:
            self.poner("citas_pacientes", ids, paciente_id=con)

    def esperas(
        self, animal: UUID, vet: UUID, tipos: list[UUID], oferta: datetime | None = None, **campos: Any
    ) -> UUID:
        """Una espera por tipo, a cada una con su hueco ofrecido desde ``oferta``; devuelve la primera."""
        filas: list[dict[str, Any]] = [{"tipo_cita_id": tipo} for tipo in tipos]
        for n, fila in enumerate(filas if oferta else []):
            inicio = oferta + n * MEDIA_HORA
            fila |= {"oferta_inicio": inicio, "oferta_fin": inicio + RATO, "oferta_caduca_en": HOY + RATO}
            salas = [str(sala) for sala in self.salas(self.en_una_cita)]
            fila |= {"estado": "ofertada", "oferta_profesional_id": vet, "oferta_recursos": salas}
        comunes = {"sede_id": self.sede_id, "cliente_id": self.cliente_id, "paciente_id": animal, **campos}
        return self.poner("lista_espera", filas, profesional_id=vet, **comunes)[0]

    def cola(self, vet: UUID) -> None:
        """Quienes esperan las diez con él: delante, muchos que a esa hora están en otra cita; detrás, uno libre."""
        ocupado, libre = self.animales(2)
        otra = self.reserva(pacientes=[ocupado], recursos=[], profesional_id=self.vet())
        self.hecho("/citas", otra, clave=True)
        self.esperas(ocupado, vet, self.tipos[: self.cuantos], prioridad="urgente")
        self.esperas(libre, vet, self.tipos[:1])

    def reserva(self, **cambios: Any) -> dict[str, Any]:
        """El cuerpo de una cita a las diez con muchas salas y muchos animales, siempre más de uno."""
        animales = self.animales(min(self.cuantos + 1, EN_UNA_CITA))
        suyo = {"pacientes": animales, "recursos": self.salas(self.en_una_cita)}
        return self.agenda.datos(**{"paciente_id": ..., "profesional_id": self.vet(), **suyo, **cambios})

    def cita(self, *pasos: str, **cambios: Any) -> str:
        """Una cita así, con su cola detrás y llevada por esos pasos."""
        cuerpo = self.reserva(**cambios)
        cita = self.hecho("/citas", cuerpo, clave=True)["id"]
        self.cola(cuerpo["profesional_id"])
        for paso in pasos:
            self.hecho(f"/citas/{cita}/{paso}", reloj=PASADAS)
        return cita

    def ofertada(self) -> UUID:
        """Una espera a la que se ofrecen las diez, con su cola detrás."""
        vet = self.vet()
        self.cola(vet)
        return self.esperas(self.animales(1)[0], vet, self.tipos[:1], datetime.fromisoformat(LAS_DIEZ))

    def en_espera(self) -> UUID:
        return self.esperas(self.animales(1)[0], self.vet(), self.tipos)

    def con_agenda(
        self, *, vet: UUID | None = None, sala: UUID | None = None, sede: UUID | None = None, **de: Any
    ) -> UUID:
        """Ese dueño, con horarios, excepciones y citas; las de un profesional, además, en muchas sedes."""
        suyo, donde, (animal,) = {"profesional_id": vet, "recurso_id": sala}, sede or self.sede_id, self.animales(1)
        horas = [{"hora_inicio": time(n // 7), "hora_fin": time(n // 7, 30)} for n in range(self.cuantos)]
        dias = ({"dia_semana": n % 7 + 1, **una} for n, una in enumerate(horas))
        self.poner("horarios", dias, sede_id=donde, desde=DESDE, **suyo)
        # Sin sede, la excepción de un profesional vale en todas.
        cierre = {"tipo": "cierre", "desde": DESDE, "hasta": DESDE, "sede_id": None if vet else donde}
        self.poner("excepciones_horario", horas, **cierre, **suyo)
        sedes = [donde] * self.cuantos + (self.sedes if vet else [])
        self.citas(NAVIDAD, sedes, paciente_id=animal, **{**suyo, **de})
        return vet or sala or donde
