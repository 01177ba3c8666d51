//! What the browser may be made to fetch, measured by the browser tests on an empty cache.

use serde_json::Value;

use crate::failure::{Context, Failure, Result};
use crate::tally::Counts;
use crate::workspace::Workspace;
use crate::{browser, firewall};

/// Names and limits in bytes, as sent.
pub(crate) const LIMITS: [(&str, u64); 2] = [("load.app", 320_000), ("load.chart", 500_000)];

/// The file the browser tests write.
const MEASURED: &str = "bytes.json";

/// Checks every budget, and what the linker put into the program that was measured.
pub(crate) fn check(workspace: &Workspace) -> Result<Counts> {
    let mut counts = Counts::default();
    let linked = workspace.stage().join("linked.wasm");
    counts.check(firewall::linked(
        &std::fs::read(&linked).context(linked.display())?,
    ));
    let measured = measured(workspace).unwrap_or_default();
    for (name, limit) in LIMITS {
        counts.check(within(name, &measured, limit));
    }
    Ok(counts)
}

/// What the browser tests measured.
pub(crate) fn measured(workspace: &Workspace) -> Result<Value> {
    browser::result(workspace, MEASURED)
}

fn within(name: &str, measured: &Value, limit: u64) -> Result<()> {
    let bytes = measured[name]
        .as_u64()
        .context(format!("{name} was not measured"))?;
    println!("{name}: {bytes} of {limit} bytes");
    if bytes <= limit {
        Ok(())
    } else {
        Err(Failure::new(format!("{name} is {} bytes too big", bytes - limit)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_kept_exceeded_or_not_measured() {
        let measured = serde_json::json!({ "load.app": 320_000, "load.chart": 500_001 });
        assert!(within("load.app", &measured, 320_000).is_ok());
        assert!(within("load.chart", &measured, 500_000).is_err());
        assert!(within("load.tv", &measured, 80_000).is_err());
    }
}
