"""Long-wave radiation between the surfaces of a room: grey, diffuse, through air that neither absorbs nor emits."""
