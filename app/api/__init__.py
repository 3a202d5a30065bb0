"""La API: controladores, servicios, esquemas y modelos."""
