//! Lines of nodes: over the whole plan and in each period by themselves, and frozen with what is on record.

use domain::line::LineBy;
use domain::money::Minor;
use domain::plan::PeriodIndex;
use store::Database;
use store::row_line::{RowLine, list, put, remove};

use crate::{Opening, draft, put_cells};

#[tokio::test]
async fn a_line_is_kept_of_the_plan_and_of_each_period_and_stays_once_it_is_on_record() {
    kit::on_each(async |database: Database| {
        let Opening {
            scope,
            root,
            people,
            planned,
        } = Opening::of(&database).await;
        let (reader, version, node) = (database.reader(), planned.version, planned.nodes[1].id);
        let by = LineBy::Product;
        let line = |period: Option<u16>, amount: i64| RowLine {
            node,
            by,
            key: "pump".to_owned(),
            period: period.map(PeriodIndex),
            amount: Minor(amount),
            reason: None,
            user: None,
            user_name: "王琳".to_owned(),
            at_ms: 3,
        };
        let writer = database.writer().await.unwrap();
        for set in [
            line(Some(1), 1),
            line(None, 2),
            line(Some(0), 3),
            line(Some(1), 4),
        ] {
            put(&writer, &scope, version, &set).await.unwrap();
        }
        writer.commit().await.unwrap();
        let all = [line(None, 2), line(Some(0), 3), line(Some(1), 4)];
        assert_eq!(list(&reader, &scope, version, by).await.unwrap(), all);

        let writer = database.writer().await.unwrap();
        let first = (node, Some(PeriodIndex(0)));
        for expected in [true, false] {
            let gone = remove(&writer, &scope, version, first, (by, "pump")).await;
            assert_eq!(gone.unwrap(), expected);
        }
        writer.commit().await.unwrap();
        let kept = [line(None, 2), line(Some(1), 4)];
        assert_eq!(list(&reader, &scope, version, by).await.unwrap(), kept);

        put_cells(&database, &scope, &planned, 100).await;
        for new in [line(Some(0), 5), line(Some(1), 5)] {
            let writer = database.writer().await.unwrap();
            assert!(put(&writer, &scope, version, &new).await.is_err(), "{new:?}");
            writer.rollback().await.unwrap();
        }
        for period in [None, Some(PeriodIndex(1))] {
            let writer = database.writer().await.unwrap();
            let gone = remove(&writer, &scope, version, (node, period), (by, "pump")).await;
            assert!(gone.is_err(), "{period:?}");
            writer.rollback().await.unwrap();
        }
        assert_eq!(list(&reader, &scope, version, by).await.unwrap(), kept);

        // What is no record yet is set as before.
        let other = draft(&database, &scope, root, people).await;
        let set = RowLine {
            node: other.nodes[1].id,
            ..line(Some(1), 6)
        };
        let writer = database.writer().await.unwrap();
        put(&writer, &scope, other.version, &set).await.unwrap();
        writer.commit().await.unwrap();
        assert_eq!(list(&reader, &scope, other.version, by).await.unwrap(), [set]);
    })
    .await;
}
