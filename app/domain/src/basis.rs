//! What a split is based on: history, capability, potential, customers, pipeline, equal or imported numbers, with ramp, season and assignments, quantised once to whole weights.
