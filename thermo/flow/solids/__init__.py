"""Heat in solids and walls: own implicit steps in double precision, beside the march of the air."""
