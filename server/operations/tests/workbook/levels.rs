//! The sheet of levels, out and back.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use domain::assumption::PlanningQuery;
use domain::format::Lang;
use domain::level::{Given, Level, Value};
use domain::money::Minor;
use domain::target::TargetBoard;
use domain::workbook::{Blanks, Note};
use store::Database;

use crate::refusal::code;
use crate::{Desk, JANUARY, desk};

/// Columns of the sheet: id, name, ratio, amount, what it comes to. Rows: heading, floor, target, stretch, challenge.
const RATIO: usize = 2;
const AMOUNT: usize = 3;
const FLOOR: usize = 1;
const TARGET: usize = 2;
const STRETCH: usize = 3;
const CHALLENGE: usize = 4;

const GIVEN: Given = Given {
    floor: Some(Value::Ratio { ppm: 900_000 }),
    stretch: Some(Value::Amount {
        amount: Minor(1_100_000),
    }),
    challenge: None,
};

impl Desk {
    async fn decide(&self, given: Given) {
        self.operations
            .set_levels(&self.planner, self.version, given)
            .await
            .unwrap();
    }

    async fn board(&self) -> TargetBoard {
        self.operations
            .target_in_work(&self.planner, PlanningQuery::of(self.version))
            .await
            .unwrap()
            .unwrap()
    }

    async fn given(&self) -> Given {
        let board = self.board().await;
        board
            .levels
            .iter()
            .fold(Given::default(), |given, row| given.with(row.level, row.value))
    }
}

#[tokio::test]
async fn levels_go_out_as_typed_cells_and_come_back() {
    kit::on_each(async |database: Database| {
        let desk = desk(&database).await;
        desk.decide(GIVEN).await;
        let bytes = desk.exported().await;
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(&bytes)).unwrap();
        let sheet = book.worksheet_range("档位").unwrap();
        let rows: Vec<&[Data]> = sheet.rows().collect();
        let names: Vec<String> = rows[1..5].iter().map(|row| row[1].to_string()).collect();
        assert_eq!(names, ["保底", "目标", "冲刺", "挑战"]);
        assert_eq!(
            (&rows[FLOOR][RATIO], &rows[FLOOR][AMOUNT]),
            (&Data::Float(0.9), &Data::Empty)
        );
        assert_eq!(
            (&rows[STRETCH][RATIO], &rows[STRETCH][AMOUNT]),
            (&Data::Empty, &Data::Float(11_000.0))
        );
        let board = desk.board().await;
        for (row, level) in rows[1..4].iter().zip(&board.levels) {
            let comes_to: f64 = row[4].to_string().parse().unwrap();
            assert_eq!(
                Some((comes_to * 100.0).round() as i64),
                level.amount.map(|amount| amount.0),
                "{row:?}"
            );
        }
        assert_eq!(
            rows[CHALLENGE][4].to_string(),
            domain::format::NONE,
            "nothing is decided of it"
        );

        // Saved again as it is: nothing differs.
        let found = desk
            .compare(&desk.saved(&bytes, |_| {}), Blanks::Keep)
            .await
            .unwrap();
        assert!(found.levels.is_empty() && found.notes.is_empty(), "{found:?}");
        // Blank takes nothing back, whatever blank amounts mean.
        let path = desk.saved_with(&bytes, "档位", |cells| cells[FLOOR][RATIO] = Data::Empty);
        for blanks in [Blanks::Keep, Blanks::Zero] {
            let found = desk.compare(&path, blanks).await.unwrap();
            assert!(found.levels.is_empty() && found.changes.is_empty(), "{found:?}");
        }

        let path = desk.saved_with(&bytes, "档位", |cells| {
            cells[FLOOR][RATIO] = Data::Float(0.85);
            // An amount beside the ratio that was there: the amount is what somebody means.
            cells[STRETCH][RATIO] = Data::String("120 %".to_owned());
            cells[CHALLENGE][AMOUNT] = Data::String("1.5万".to_owned());
        });
        let found = desk.compare(&path, Blanks::Keep).await.unwrap();
        let said: Vec<_> = found
            .levels
            .iter()
            .map(|change| (change.level, change.before, change.after, change.moved))
            .collect();
        let amount = |amount| Value::Amount {
            amount: Minor(amount),
        };
        assert_eq!(
            said,
            [
                (Level::Floor, GIVEN.floor, Value::Ratio { ppm: 850_000 }, false),
                (
                    Level::Stretch,
                    GIVEN.stretch,
                    Value::Ratio { ppm: 1_200_000 },
                    false
                ),
                (Level::Challenge, None, amount(1_500_000), false),
            ]
        );
        assert_eq!(found.level_fault, None);
        assert_eq!(found.levels[2].amount, Some(Minor(1_500_000)));
        assert_eq!(desk.given().await, GIVEN, "nothing is written yet");
        let taken = desk.take(&found).await.unwrap();
        assert_eq!((taken.entered, taken.levels), (0, 3));
        let expected = Given {
            floor: Some(Value::Ratio { ppm: 850_000 }),
            stretch: Some(Value::Ratio { ppm: 1_200_000 }),
            challenge: Some(amount(1_500_000)),
        };
        assert_eq!(desk.given().await, expected);
        // What was compared before is not written over what came since.
        assert_eq!(code(desk.take(&found).await), "workbook_moved");
    })
    .await;
}

#[tokio::test]
async fn levels_are_judged_with_the_amounts_of_the_same_workbook() {
    let fresh = kit::Fresh::sqlite().await;
    let desk = desk(&fresh.database).await;
    desk.decide(GIVEN).await;
    let bytes = desk.exported().await;
    // A floor above the target.
    let path = desk.saved_with(&bytes, "档位", |cells| cells[FLOOR][RATIO] = Data::Float(1.05));
    let found = desk.compare(&path, Blanks::Keep).await.unwrap();
    assert_eq!(found.levels.len(), 1);
    assert!(
        found.level_fault.is_some() && found.levels[0].amount.is_none(),
        "{found:?}"
    );
    assert_eq!(code(desk.take(&found).await), "levels_out_of_order");
    assert_eq!(desk.given().await, GIVEN);

    // A stretch that is none of today's target, but one of the target in the same workbook.
    let path = desk.saved_with(&bytes, "档位", |cells| {
        cells[STRETCH][AMOUNT] = Data::Float(9_500.0);
    });
    let found = desk.compare(&path, Blanks::Keep).await.unwrap();
    assert!(found.level_fault.is_some());
    let half = desk.saved(&std::fs::read(&path).unwrap(), |cells| {
        for row in &mut cells[1..] {
            for cell in &mut row[JANUARY..] {
                *cell = Data::Float(cell.to_string().parse::<f64>().unwrap() / 2.0);
            }
        }
    });
    let found = desk.compare(&half, Blanks::Keep).await.unwrap();
    assert_eq!(found.level_fault, None, "{found:?}");
    let taken = desk.take(&found).await.unwrap();
    assert!(taken.entered > 0 && taken.levels == 1);
    assert_eq!(
        desk.given().await.stretch,
        Some(Value::Amount {
            amount: Minor(950_000)
        })
    );
    fresh.close().await;
}

#[tokio::test]
async fn what_others_decided_since_and_what_cannot_be_read_is_told() {
    let fresh = kit::Fresh::sqlite().await;
    let desk = desk(&fresh.database).await;
    desk.decide(GIVEN).await;
    let bytes = desk.exported().await;
    let since = GIVEN.with(Level::Floor, Some(Value::Ratio { ppm: 700_000 }));
    desk.decide(since).await;
    // What only somebody else changed is no change of the workbook's.
    let found = desk
        .compare(&desk.saved(&bytes, |_| {}), Blanks::Keep)
        .await
        .unwrap();
    assert!(found.levels.is_empty(), "{found:?}");
    let path = desk.saved_with(&bytes, "档位", |cells| {
        cells[FLOOR][RATIO] = Data::Float(0.8);
        cells[TARGET][AMOUNT] = Data::Float(20_000.0);
        cells[STRETCH][RATIO] = Data::Float(1.3);
        cells[STRETCH][AMOUNT] = Data::Float(12_000.0);
        cells[CHALLENGE][RATIO] = Data::String("plenty".to_owned());
    });
    let found = desk.compare(&path, Blanks::Keep).await.unwrap();
    let moved: Vec<_> = found
        .levels
        .iter()
        .map(|change| (change.level, change.moved))
        .collect();
    assert_eq!(moved, [(Level::Floor, true)]);
    let notes = &found.notes;
    assert!(notes.contains(&Note::TargetAmongLevels { row: 3 }), "{notes:?}");
    let twice = Note::LevelTwice {
        row: 4,
        level: Level::Stretch,
    };
    assert!(notes.contains(&twice), "{notes:?}");
    let unread =
        |note: &Note| matches!(note, Note::NotAnAmount { row: 5, column, .. } if column == "档位 / 占目标");
    assert!(notes.iter().any(unread), "{notes:?}");
    for note in notes {
        for lang in Lang::ALL {
            let words = note.words(lang, &|amount| amount.0.to_string(), &|_| String::new());
            assert!(!words.is_empty());
        }
    }
    // Without the sheet, levels stay as they are.
    let mut bare = rust_xlsxwriter::Workbook::new();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(&bytes)).unwrap();
    for name in ["目标", "attain"] {
        let sheet = bare.add_worksheet().set_name(name).unwrap();
        for (row, line) in (0..).zip(book.worksheet_range(name).unwrap().rows()) {
            for (column, cell) in (0..).zip(line) {
                sheet.write_string(row, column, cell.to_string()).unwrap();
            }
        }
    }
    let path = desk.folder.path().join("bare.xlsx");
    bare.save(&path).unwrap();
    let found = desk.compare(&path, Blanks::Keep).await.unwrap();
    assert!(found.levels.is_empty() && found.changes.is_empty(), "{found:?}");
    assert_eq!(desk.given().await, since);
    fresh.close().await;
}

#[tokio::test]
async fn who_only_looks_at_numbers_gets_no_levels() {
    let fresh = kit::Fresh::sqlite().await;
    let desk = desk(&fresh.database).await;
    desk.decide(GIVEN).await;
    desk.operations
        .publish(&desk.planner, desk.version)
        .await
        .unwrap();
    let sheets = async |scope: &operations::Scope| {
        let export = desk
            .operations
            .export_version(scope, desk.version, Lang::En)
            .await
            .unwrap();
        Xlsx::new(Cursor::new(export.bytes)).unwrap().sheet_names()
    };
    // What is frozen still says what was decided.
    assert_eq!(
        sheets(&desk.planner).await,
        ["Targets", "Levels", "About", "attain"]
    );
    let people = desk.operations.people(&desk.planner).await.unwrap();
    let units: Vec<_> = people.units.iter().map(|unit| unit.id).collect();
    let manager = crate::planning::user(&desk.planner, domain::access::Role::Manager, None, &units, &[]);
    assert_eq!(sheets(&manager).await, ["Targets", "About", "attain"]);
    fresh.close().await;
}
