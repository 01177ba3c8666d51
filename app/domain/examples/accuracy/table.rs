//! The calibration as source.

use std::path::{Path, PathBuf};

use domain::forecast::calibration::Calibration;

use crate::coverage::Judged;

/// Writes the table of the calibrations, those of years, quarters and months.
pub(crate) fn write(judged: &[Judged]) -> std::io::Result<PathBuf> {
    let mut text = "//! Made by `cargo xtask accuracy --calibrate`; not to be changed by hand.\n\n\
                    use super::calibration::Calibration;\n"
        .to_owned();
    for (name, season) in [("YEARS", 1), ("QUARTERS", 4), ("MONTHS", 12)] {
        let found = judged
            .iter()
            .find(|judged| judged.season == season)
            .and_then(Judged::calibration);
        let found = found.ok_or_else(|| std::io::Error::other(format!("no calibration of {name}")))?;
        let Calibration {
            freedom,
            first,
            power,
            bend,
            steps,
            growth,
            apart,
            together,
        } = found;
        text += &format!(
            "\npub(super) const {name}: Calibration = Calibration {{\n    freedom: {freedom:.2},\n    first: {first:.3},\n    \
             power: {power:.3},\n    bend: {bend:.3},\n    steps: {steps},\n    growth: {growth:.3},\n    apart: {apart:.3},\n    together: {together:.3},\n}};\n"
        );
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/forecast/table.rs");
    std::fs::write(&path, text)?;
    Ok(path)
}
