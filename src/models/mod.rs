//! The catalogue: what each kind of model needs, how it is trained, judged, gated and packaged.
