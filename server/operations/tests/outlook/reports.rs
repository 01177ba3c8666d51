//! Reports beside market factors: taken in by what they are, handed out, gone when nothing refers to them.

use domain::access::Role;
use domain::id::AttachmentId;
use domain::outlook::{Attached, Effect, MAX_FILE_BYTES};
use operations::{Error, Received, Scope};
use store::Database;

use crate::refusal::code;
use crate::{Company, factor, of_version, prepared};

impl Company {
    async fn attach(&self, name: &str, content: &[u8]) -> Result<Attached, Error> {
        let folder = self.operations.attachment_folder();
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("upload-test");
        std::fs::write(&path, content).unwrap();
        let received = Received {
            name: name.to_owned(),
            path,
        };
        self.operations.attach(&self.scope, received).await
    }

    /// Whether a file is there, as a row and on disk.
    async fn holds(&self, id: AttachmentId) -> (bool, bool) {
        let row = self.operations.attachment(&self.scope, id).await.is_ok();
        let file = self.operations.attachment_folder().join(id.to_string()).exists();
        (row, file)
    }
}

#[tokio::test]
async fn a_report_lives_as_long_as_something_refers_to_it() {
    kit::on_each(async |database: Database| {
        let company = Company::selling(&database, "2017-12-31", "2016-01-01", 24).await;
        let (operations, scope) = (&company.operations, &company.scope);
        let file = company
            .attach("C:\\reports\\行业 Q3.pdf", b"%PDF-1.7 ...")
            .await
            .unwrap();
        assert_eq!((file.name.as_str(), file.bytes), ("行业 Q3.pdf", 12));
        let opened = operations.attachment(scope, file.id).await.unwrap();
        assert_eq!(opened.media_type, "application/pdf");
        assert_eq!(std::fs::read(opened.path).unwrap(), b"%PDF-1.7 ...");
        let planning = prepared("2018");
        let mut with_report = factor("Industry", Effect::Percent { hundredths: 100 }, 50);
        with_report.attachment = Some(file.id);
        let made = operations
            .add_factor(scope, &planning, with_report.clone())
            .await
            .unwrap();
        assert_eq!(made.attached, Some(file.clone()));
        // A draft takes the factor over: the report belongs to both.
        let draft = company.draft("2018-01-01", "2019-01-01").await;
        operations.remove_factor(scope, &planning, made.id).await.unwrap();
        assert_eq!(company.holds(file.id).await, (true, true));
        let second = operations
            .branch_version(scope, draft.version.unwrap(), None)
            .await
            .unwrap();
        operations
            .remove_factor(scope, &of_version(second.version), made.id)
            .await
            .unwrap();
        assert_eq!(company.holds(file.id).await, (true, true));
        // Another report in its place: the first one goes with its last reader.
        let other = company.attach("notes.txt", "讲了什么".as_bytes()).await.unwrap();
        with_report.attachment = Some(other.id);
        operations
            .edit_factor(scope, &draft, made.id, with_report)
            .await
            .unwrap();
        assert_eq!(company.holds(file.id).await, (false, false));
        assert_eq!(company.holds(other.id).await, (true, true));
    })
    .await;
}

#[tokio::test]
async fn what_is_no_report_is_refused() {
    kit::on_each(async |database: Database| {
        let company = Company::new(&database, "2017-12-31").await;
        for (name, content, expected) in [
            ("run.exe", &b"MZ"[..], "unknown_type"),
            ("page.html", b"<script>", "unknown_type"),
            ("report.pdf", b"<script>", "other_content"),
            ("report.docx", b"no zip", "other_content"),
            ("table.csv", b"a,b\0", "other_content"),
            ("report.pdf", b"", "empty_file"),
            ("..", b"%PDF-", "unknown_type"),
            ("", b"%PDF-", "bad_name"),
        ] {
            assert_eq!(code(company.attach(name, content).await), expected, "{name}");
        }
        let large = vec![b'x'; MAX_FILE_BYTES as usize + 1];
        assert_eq!(code(company.attach("large.txt", &large).await), "too_large");
        // Who may not plan neither sends nor reads.
        let file = company.attach("note.txt", b"hello").await.unwrap();
        let manager = Scope {
            role: Role::Manager,
            reach: Role::Manager.reach(),
            ..company.scope.clone()
        };
        let operations = &company.operations;
        assert_eq!(code(operations.attachment(&manager, file.id).await), "not_found");
        assert_eq!(code(operations.may_attach(&manager)), "not_found");
        let planning = prepared("2018");
        let new = factor("x", Effect::Percent { hundredths: 1 }, 1);
        assert_eq!(
            code(operations.add_factor(&manager, &planning, new).await),
            "not_found"
        );
        assert_eq!(code(operations.factors(&manager, &planning).await), "not_found");
    })
    .await;
}
