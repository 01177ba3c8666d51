//! All targets of an import together: what they come to, told file by file, and written.

use domain::calendar::Fiscal;
use domain::import::{Failure, Finding, Kind};
use store::organization::Organization;
use store::{Session, Writer};

use super::{Cells, Targets};
use crate::Error;
use crate::import::Outcome;
use crate::import::catalog::Catalog;
use crate::import::job::{Job, Stop};
use crate::plan::sheet::{self, Effect, Ground, Publish, Settled, Sheet, Unsettled, Written};
use crate::plan::tree::Parts;

/// Differences and roll-ups that are told.
const MOST_FINDINGS: usize = 100;

/// See the module.
#[derive(Debug)]
pub(in crate::import) struct Batch {
    parts: Parts,
    organization: Organization,
    fiscal: Fiscal,
    /// Each with the line of every row.
    sheets: Vec<(Sheet, Vec<usize>)>,
    /// Whose file each line is.
    lines: Vec<usize>,
    files: usize,
}

impl Batch {
    /// Of what the files said, over the people and units that the import leaves behind.
    pub(in crate::import) async fn of(
        job: &Job,
        catalog: &Catalog,
        targets: Targets,
    ) -> Result<Option<Self>, Stop> {
        if targets.is_empty() {
            return Ok(None);
        }
        let Targets { sheets, files, lines } = targets;
        let reader = job.operations.database.reader();
        let organization = store::organization::get(&reader, &job.scope).await?;
        let fiscal = Fiscal::new(organization.fiscal_start_month)
            .map_err(|error| Error::Internal(error.to_string()))?;
        let publish = match job.request.options.publish {
            Some(true) => Publish::Yes,
            Some(false) => Publish::No,
            // At the page a person is there to publish; a program has none.
            None if job.import.origin == crate::import::Origin::Page.as_str() => Publish::No,
            None => Publish::UnlessPeopleDid,
        };
        let named = |(metric, Cells { rows, lines, .. })| {
            let sheet = Sheet {
                name: files.join(", "),
                metric,
                import: job.id(),
                publish,
                rows,
            };
            (sheet, lines)
        };
        Ok(Some(Self {
            parts: catalog.parts(),
            organization,
            fiscal,
            sheets: sheets.into_iter().map(named).collect(),
            lines,
            files: files.len(),
        }))
    }

    /// Tells what a dry run would do.
    pub(in crate::import) async fn check(
        &self,
        job: &Job,
        session: &impl Session,
        outcome: &mut Outcome,
    ) -> Result<(), Stop> {
        let settled = self.settle(job, session).await?;
        self.tell(&settled, outcome);
        for one in &settled {
            outcome.targets.extend(one.landings().cloned());
        }
        Ok(())
    }

    /// Writes the targets, tells what was done, and records it for the undo.
    pub(in crate::import) async fn write(
        &self,
        job: &Job,
        writer: &Writer,
        outcome: &mut Outcome,
        first_seq: i64,
    ) -> Result<(), Stop> {
        let settled = self.settle(job, writer).await?;
        self.tell(&settled, outcome);
        let mut seq = first_seq;
        for ((sheet, _), settled) in self.sheets.iter().zip(settled) {
            let Written { landings, changes } = sheet::write(writer, &job.scope, sheet, settled).await?;
            store::import::record(writer, &job.scope, job.id(), seq, &changes).await?;
            seq += changes.len() as i64;
            outcome.targets.extend(landings);
        }
        Ok(())
    }

    async fn settle(&self, job: &Job, session: &impl Session) -> Result<Vec<Settled>, Stop> {
        let ground = Ground {
            parts: &self.parts,
            organization: &self.organization,
            fiscal: self.fiscal,
            today: job.today,
        };
        let mut settled = Vec::with_capacity(self.sheets.len());
        for (sheet, _) in &self.sheets {
            let one = sheet::settle(session, &job.scope, sheet, ground).await;
            settled.push(one.map_err(|error| match error {
                Unsettled::TooLarge => Stop::Failed(Failure::TargetsTooLarge),
                Unsettled::Broken(error) => Stop::Broken(error),
            })?);
        }
        Ok(settled)
    }

    /// Counts rows by what they did, and puts findings to the last file.
    fn tell(&self, settled: &[Settled], outcome: &mut Outcome) {
        let mut effects: Vec<Option<Effect>> = vec![None; self.lines.len()];
        for ((_, lines), one) in self.sheets.iter().zip(settled) {
            for (line, effect) in lines.iter().zip(&one.effects) {
                let row = &mut effects[*line];
                *row = Some(match *row {
                    None => *effect,
                    Some(before) if before == *effect => before,
                    // A row that says something new beside something known changes what is there.
                    Some(_) => Effect::Updated,
                });
            }
        }
        let mut counts = vec![[0_u64; 3]; self.files];
        for (file, effect) in self.lines.iter().zip(effects) {
            let column = match effect {
                Some(Effect::Created) => 0,
                Some(Effect::Updated) => 1,
                // A row without a number says what is so already.
                Some(Effect::Unchanged) | None => 2,
            };
            counts[*file][column] += 1;
        }
        let views = outcome
            .files
            .iter_mut()
            .filter(|view| view.kind == Some(Kind::Targets));
        let mut last = None;
        for (view, [created, updated, unchanged]) in views.zip(counts) {
            if let Some(report) = &mut view.report {
                report.counts.created = created;
                report.counts.updated = updated;
                report.counts.unchanged = unchanged;
            }
            last = Some(view);
        }
        if let Some(view) = last {
            let all = settled.iter().flat_map(|one| one.findings.iter().cloned());
            let mut findings: Vec<Finding> = all.collect();
            findings.sort_by_key(rank);
            findings.truncate(MOST_FINDINGS);
            view.findings.splice(..0, findings);
        }
    }
}

/// Roll-ups come first, then the largest differences.
fn rank(finding: &Finding) -> std::cmp::Reverse<u64> {
    std::cmp::Reverse(match finding {
        Finding::Difference { own, below, .. } => own.0.abs_diff(below.0),
        _ => u64::MAX,
    })
}
