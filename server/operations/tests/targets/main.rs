//! Targets from files on both databases: the messy sheet of a real company, long and wide, again and back, and what lands
//! where.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

mod adventureworks;
#[path = "../shared/files.rs"]
mod files;
mod page;
mod reading;
mod record;
#[path = "../shared/refusal.rs"]
mod refusal;

use std::collections::BTreeMap;
use std::path::PathBuf;

use domain::calendar::Day;
use domain::id::{ImportId, VersionId};
use domain::import::{Status, View};
use domain::metric::{Attainment, AttainmentQuery, MetricKey, parse_by};
use domain::plan::{NodeIndex, Shape};
use domain::split::OpenGrid;
use domain::target::VersionStatus;
use operations::import::{NewImport, Origin};
use operations::{Operations, Scope};
use refusal::code;
use store::Database;

struct Desk {
    operations: Operations,
    scope: Scope,
    folder: tempfile::TempDir,
}

impl Desk {
    async fn new(database: &Database) -> Self {
        let (scope, _) = kit::organization(database).await;
        let mut operations = Operations::new(database.clone());
        operations.today = Day::parse_iso("2018-01-02");
        Self {
            operations,
            scope,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// With two offices, two teams and five people.
    async fn staffed(database: &Database) -> Self {
        let desk = Self::new(database).await;
        let people = "姓名,工号,主管,部门\n\
                      李静,E1,王海涛,华东\n\
                      周敏,E2,王海涛,华东\n\
                      陈晨,E3,,华南\n\
                      赵磊,E4,,华南\n\
                      王海涛,E9,,\n";
        desk.import(&[("people.csv", people)], "{}").await;
        desk
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        files::file(self.folder.path(), name, content)
    }

    fn wanted(paths: &[PathBuf], options: &str, origin: Origin) -> NewImport {
        files::wanted(paths, serde_json::from_str(options).unwrap(), origin)
    }

    async fn import(&self, files: &[(&str, &str)], options: &str) -> View {
        let paths: Vec<PathBuf> = files.iter().map(|(name, text)| self.file(name, text)).collect();
        self.read(&paths, options, Origin::Api).await
    }

    async fn at_the_page(&self, files: &[(&str, &str)], options: &str) -> View {
        let paths: Vec<PathBuf> = files.iter().map(|(name, text)| self.file(name, text)).collect();
        self.read(&paths, options, Origin::Page).await
    }

    async fn read(&self, paths: &[PathBuf], options: &str, origin: Origin) -> View {
        let wanted = Self::wanted(paths, options, origin);
        self.operations.import_now(&self.scope, wanted).await.unwrap()
    }

    /// Takes an import back.
    async fn undo(&self, view: &View) {
        let undo = self.operations.undo_import(&self.scope, view.id).await.unwrap();
        assert_eq!(undo.status, Status::Done);
    }

    /// Why an import cannot be taken back.
    async fn undo_refused(&self, view: &View) -> String {
        code(self.operations.undo_import(&self.scope, view.id).await)
    }

    /// All of a version.
    async fn grid(&self, version: VersionId) -> OpenGrid {
        let open = self.operations.open_grid(&self.scope, version, None).await;
        open.unwrap()
    }

    async fn ask(&self, from: &str, to: &str, by: &str) -> Attainment {
        let query = AttainmentQuery {
            metric: MetricKey::BOOKINGS,
            from: Day::parse_iso(from).unwrap(),
            to: Day::parse_iso(to).unwrap(),
            by: parse_by(by).unwrap(),
            as_of: Day::parse_iso("2022-12-31"),
        };
        self.operations.attainment(&self.scope, &query).await.unwrap()
    }

    /// Targets and what was done, by the name of the row's last key.
    async fn targets(&self, from: &str, to: &str, by: &str) -> BTreeMap<String, (Option<i64>, i64)> {
        let answer = self.ask(from, to, by).await;
        let rows = answer.rows.into_iter().map(|row| {
            let name = row.keys.into_values().next_back().unwrap().name;
            (name, (row.target.map(|target| target.0), row.actual.0))
        });
        rows.collect()
    }

    async fn target(&self, name: &str) -> Option<i64> {
        let of_units = self.targets("2018-01-01", "2019-01-01", "unit").await;
        let of_members = self.targets("2018-01-01", "2019-01-01", "member").await;
        of_units
            .get(name)
            .or_else(|| of_members.get(name))
            .and_then(|(target, _)| *target)
    }

    async fn plans(&self) -> Vec<(String, Vec<(String, VersionStatus)>)> {
        let plans = self.operations.plans(&self.scope).await.unwrap();
        let mut plans: Vec<_> = plans
            .into_iter()
            .map(|plan| {
                let versions = plan.versions.into_iter();
                (
                    plan.name,
                    versions.map(|version| (version.name, version.status)).collect(),
                )
            })
            .collect();
        plans.sort_by(|a, b| a.0.cmp(&b.0));
        plans
    }
}

fn counts(view: &View) -> [u64; 5] {
    let counts = view.counts;
    [
        counts.read,
        counts.created,
        counts.updated,
        counts.unchanged,
        counts.rejected,
    ]
}

/// The node that is called so.
fn named(shape: &Shape, name: &str) -> NodeIndex {
    let mut nodes = shape.nodes();
    nodes
        .find(|node| shape.name(*node) == name)
        .unwrap_or_else(|| panic!("{name} is missing"))
}

/// An import that runs on a task of its own, once it has ended.
async fn ended(desk: &Desk, id: ImportId) -> View {
    for _ in 0..600 {
        let view = desk.operations.import(&desk.scope, id).await.unwrap();
        if view.status.is_final() {
            assert_eq!(view.status, Status::Done, "{view:?}");
            return view;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the import does not end");
}
