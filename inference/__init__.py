"""Vehicle damage models as a plain Python library: photos in, damaged parts out.

Rooms, from the bottom: `errors`, `taxonomy`, `masks`, `results` (no torch); `preprocessing`,
`postprocessing`, `synthesis`, `calibration`; `models`, `backends`; `predictor`; `data`;
`evaluation`; `training`; `cli`. A module imports only from rooms below its own.
"""
