"""El nombre con el que se enseña y se descarga lo subido: nunca es un camino, nunca miente."""

import pytest

from app.utils.ficheros import LONGITUD_NOMBRE, sanear_nombre

JPG = ("jpg", "jpeg")


@pytest.mark.parametrize(
    ("dado", "queda"),
    [
        ("luna.jpg", "luna.jpg"),
        ("Radiografía de Ñandú (2).JPEG", "Radiografía de Ñandú (2).JPEG"),
        ("../../../etc/passwd", "passwd.jpg"),
        ("..\\..\\windows\\luna.jpg", "luna.jpg"),
        ("/", "adjunto.jpg"),
        ("", "adjunto.jpg"),
        ("...", "adjunto.jpg"),
        (".htaccess", "htaccess.jpg"),
        ("luna.jpg.exe", "luna.jpg.exe.jpg"),
        ("luna.php", "luna.php.jpg"),
        ("lu\x00na.jpg", "luna.jpg"),
        ("lu\r\nna: 1.jpg", "luna_ 1.jpg"),
        ("luna\u202egpj.exe", "lunagpj.exe.jpg"),
        ("luna\ud800.jpg", "luna_.jpg"),
        ('lu"na<>|*?.jpg', "lu_na_.jpg"),
        ("luna  \t y   sol.jpg ", "luna y sol.jpg"),
        ("Lun\u0061\u0301.jpg", "Luná.jpg"),
        ("犬の写真.jpg", "犬の写真.jpg"),
    ],
)
def test_queda_un_nombre_honrado(dado, queda):
    assert sanear_nombre(dado, JPG) == queda


def test_un_nombre_de_cuatro_mil_caracteres_se_corta_sin_perder_la_extension():
    corto = sanear_nombre("ñ" * 4000 + ".jpeg", JPG)
    assert (len(corto), corto[-6:]) == (LONGITUD_NOMBRE, "ñ.jpeg")
