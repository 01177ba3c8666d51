//! The bench `ssr.table`: a table of 1,000 rows rendered anew on every request (`/table`), by the components that the
//! product shows its list of deals with, and the same bytes as a fixed string (`/fixed`). The first line printed is the address.
//!
//! `cargo run --release --example ssr_table -- [ADDRESS]`, by default a free port of 127.0.0.1.

use std::error::Error;
use std::io::Write;
use std::sync::atomic::{AtomicI64, Ordering};

use app::ui::{Column, PlainRow, Table};
use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use leptos::prelude::*;
use leptos::tachys::view::RenderHtml;
// The server's allocator comes with its library.
use server as _;

/// Rows of the table.
const ROWS: i64 = 1_000;

/// One member's month, as a tracking page shows it.
#[derive(Clone)]
struct Row {
    rank: i64,
    name: String,
    office: &'static str,
    target: i64,
    actual: i64,
}

/// Rows with other amounts on every call; texts keep their widths, so that the bytes of all answers are alike.
fn rows(turn: i64) -> Vec<Row> {
    (0..ROWS)
        .map(|rank| Row {
            rank: 1_000 + rank,
            name: format!("成员 {:04}", 1_000 + rank),
            office: ["Central", "Eastern", "Western"][usize::try_from(rank % 3).unwrap_or_default()],
            target: 5_000_000 + (rank * 7_919 + turn) % 999_983,
            actual: 4_000_000 + (rank * 104_729 + turn * 31) % 999_983,
        })
        .collect()
}

/// The table of the product with plain rows, as the list of deals has it.
fn table(rows: Vec<Row>) -> impl IntoView {
    let columns = vec![
        Column::words("#"),
        Column::words("成员"),
        Column::words("区域"),
        Column::numbers("目标"),
        Column::numbers("实际"),
        Column::numbers("达成率"),
    ];
    let line = |row: Row| {
        let permille = row.actual * 1_000 / row.target;
        PlainRow::new()
            .words(row.rank.to_string())
            .words(row.name)
            .words(row.office)
            .number(row.target.to_string())
            .number(row.actual.to_string())
            .number(format!("{:03}.{} %", permille / 10, permille % 10))
            .end()
    };
    view! {
        <Table caption="ssr.table" columns=columns>
            {rows.into_iter().map(line).collect_view()}
        </Table>
    }
}

/// The whole page, rendered in an owner of its own as a request is.
fn page(turn: i64) -> String {
    let owner = Owner::new();
    let html = owner.with(|| {
        view! {
            <!DOCTYPE html>
            <html lang="zh-CN">
                <head>
                    <title>"ssr.table"</title>
                </head>
                <body>
                    {table(rows(turn))}
                </body>
            </html>
        }
        .to_html()
    });
    owner.cleanup();
    html
}

fn html(body: impl IntoResponse) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], body)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "127.0.0.1:0".to_owned());
    let listener = tokio::net::TcpListener::bind(address).await?;
    let fixed: &'static str = page(0).leak();
    let turn = &*Box::leak(Box::new(AtomicI64::new(0)));
    let router = Router::new()
        .route(
            "/table",
            get(move || async move { html(page(turn.fetch_add(1, Ordering::Relaxed))) }),
        )
        .route("/fixed", get(move || async move { html(fixed) }));
    writeln!(std::io::stdout(), "http://{}", listener.local_addr()?)?;
    axum::serve(listener, router).await?;
    Ok(())
}
