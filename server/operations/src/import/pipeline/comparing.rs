//! The comparing task: what rows say against what is stored; what is to be written comes of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::marker::PhantomData;

use domain::calendar::Day;
use domain::import::{Kind, Problem, Reason, Report};
use domain::money::Fact;
use store::fact::{Credited, Which};
use store::rollup::{Deltas, Sign};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::reading::{Batch, Refused};
use super::said::Says;
use super::summary::{Source, Summary, Sums};
use super::{Work, give};
use crate::import::crediting::Crediting;
use crate::import::job::{Job, REJECTED_KEPT, Stop, kept};
use crate::import::rowid::{RowIds, row_of};

/// Keys of roll-ups held before they are written.
const DELTA_KEYS: usize = 120_000;

/// Compares the rows of one file.
pub(super) struct Comparing<'a, S: Says> {
    job: &'a Job,
    file: usize,
    ids: RowIds,
    crediting: Crediting,
    report: Report,
    first_problems: FirstProblems,
    written: Sums,
    deltas: Deltas,
    /// Room left for rows that are kept because they were not taken over.
    room: usize,
    late: Late,
    /// Whether there was any such fact before this file: if not, nothing has to be looked up.
    any_before: bool,
    says: PhantomData<S>,
}

/// Rows whose fault showed only when they were compared, and how many rejected rows were kept before them.
#[derive(Debug, Default)]
pub(super) struct Late {
    pub(super) problems: HashMap<u64, Vec<Problem>>,
    pub(super) kept: usize,
}

impl<'a, S: Says> Comparing<'a, S> {
    pub(super) fn new(
        job: &'a Job,
        file: usize,
        kind: Kind,
        crediting: Crediting,
        ids: RowIds,
        any_before: bool,
    ) -> Self {
        Self {
            job,
            file,
            ids,
            crediting,
            report: Report::new(kind),
            first_problems: FirstProblems::default(),
            written: Sums::default(),
            deltas: Deltas::default(),
            room: REJECTED_KEPT.saturating_sub(job.rejected_kept),
            late: Late::default(),
            any_before,
            says: PhantomData,
        }
    }

    /// Compares a batch with what is stored and hands on what is to be written.
    pub(super) async fn batch(&mut self, batch: Batch<S>, send: &mpsc::Sender<Work>) -> Result<(), Stop> {
        let Batch {
            said,
            rejected,
            late,
            read,
        } = batch;
        self.report.counts.read += read;
        let mut work = Work {
            read,
            ..Work::default()
        };
        for Refused { row, cells, problems } in rejected {
            if self.room > 0 {
                self.room -= 1;
                self.late.kept += 1;
                work.rejected.push(kept(self.file, row, &cells, &problems));
            }
            self.reject(problems);
        }
        for problems in late {
            self.refuse(&problems);
        }
        let entries = self.entries(said, &mut work).await?;
        if self.job.writes() && !entries.is_empty() {
            work.prepared = Some(S::Entry::prepare(&self.job.scope, self.job.slot(), &entries));
        }
        if !self.job.writes() {
            work.retired.clear();
        }
        give(send, work).await?;
        if self.deltas.len() > DELTA_KEYS {
            self.rollups(send, DELTA_KEYS / 4).await?;
        }
        Ok(())
    }

    /// Hands on gathered roll-ups until at most `leave` keys are left.
    pub(super) async fn rollups(&mut self, send: &mpsc::Sender<Work>, leave: usize) -> Result<(), Stop> {
        while self.deltas.len() > leave {
            let rows = self.deltas.take();
            if self.job.writes() && !rows.is_empty() {
                let work = Work {
                    rollups: Some(rows),
                    ..Work::default()
                };
                give(send, work).await?;
            }
        }
        Ok(())
    }

    /// What came of the file.
    pub(super) fn into_report(self, summary: &mut Summary, source: &Source) -> (Report, Late) {
        summary.end(self.ids, source, self.deltas.range());
        let mut report = self.report;
        report.source = source.sums.totals();
        report.written = self.written.totals();
        report.problems = self.first_problems.into_list();
        (report, self.late)
    }

    /// The versions that are new.
    async fn entries(&mut self, said: Vec<S>, work: &mut Work) -> Result<Vec<S::Entry>, Stop> {
        let scope = &self.job.scope;
        let reader = self.job.operations.database.reader();
        let known = if self.any_before {
            let external: Vec<&str> = said.iter().map(Says::external_id).collect();
            store::fact::known(&reader, scope, S::Entry::SOURCE, &external).await?
        } else {
            HashMap::new()
        };
        let mut entries = Vec::with_capacity(said.len());
        let mut changed: HashMap<Uuid, S> = HashMap::new();
        for said in said {
            let (counted, rows) = (said.counts(), said.rows());
            match known.get(said.external_id()) {
                None => {
                    let id = self.ids.next(said.row());
                    match said.apply(id, None, &self.crediting) {
                        Ok(entry) => {
                            self.report.counts.created += rows;
                            self.count(counted);
                            self.deltas.add(&entry, Sign::Plus);
                            entries.push(entry);
                        }
                        Err(problems) => self.refuse(&problems),
                    }
                }
                // Another file of this import wrote it.
                Some(found) if found.slot == self.job.slot() && self.job.writes() => {
                    let first_row = row_of(found.id);
                    self.refuse(&said.refused(Reason::Duplicate { first_row }));
                }
                Some(found) if found.row_hash == said.hash() => {
                    self.report.counts.unchanged += rows;
                    self.count(counted);
                }
                Some(found) => {
                    changed.insert(found.id, said);
                }
            }
        }
        if changed.is_empty() {
            return Ok(entries);
        }
        let ids: Vec<Uuid> = changed.keys().copied().collect();
        for version in S::Entry::versions(&reader, scope, &ids, Which::Present).await? {
            let stored = version.entry;
            let id = stored.id();
            let Some(said) = changed.remove(&id) else { continue };
            let (counted, rows) = (said.counts(), said.rows());
            match said.apply(id, Some(&stored), &self.crediting) {
                Ok(entry) if S::same(&entry, &stored) => {
                    self.report.counts.unchanged += rows;
                    self.count(counted);
                }
                Ok(entry) => {
                    self.report.counts.updated += rows;
                    self.count(counted);
                    self.deltas.add(&stored, Sign::Minus);
                    self.deltas.add(&entry, Sign::Plus);
                    work.retired.push(id);
                    entries.push(entry);
                }
                Err(problems) => self.refuse(&problems),
            }
        }
        Ok(entries)
    }

    fn count(&mut self, counted: Option<(Day, Fact)>) {
        if let Some((day, amount)) = counted {
            self.written.add(day, amount);
        }
    }

    /// Refuses rows whose cells are not at hand any more.
    fn refuse(&mut self, problems: &[Problem]) {
        let rows: BTreeSet<u64> = problems.iter().map(|problem| problem.row).collect();
        for row in rows {
            let of_row: Vec<Problem> = problems.iter().filter(|it| it.row == row).cloned().collect();
            if self.room > 0 {
                self.room -= 1;
                self.late.problems.insert(row, of_row.clone());
            }
            self.reject(of_row);
        }
    }

    fn reject(&mut self, problems: Vec<Problem>) {
        self.report.counts.rejected += 1;
        self.report.problem_count += problems.len() as u64;
        self.first_problems.take(problems);
    }
}

/// The problems of the first rows of the file; rows come in another order.
#[derive(Debug, Default)]
struct FirstProblems(BTreeMap<(u64, usize), Problem>);

impl FirstProblems {
    fn take(&mut self, problems: Vec<Problem>) {
        for (number, problem) in problems.into_iter().enumerate() {
            let key = (problem.row, number);
            let full = self.0.len() >= Report::MAX_PROBLEMS;
            if full && self.0.last_key_value().is_some_and(|(last, _)| *last < key) {
                return;
            }
            if full {
                self.0.pop_last();
            }
            self.0.insert(key, problem);
        }
    }

    fn into_list(self) -> Vec<Problem> {
        self.0.into_values().collect()
    }
}
