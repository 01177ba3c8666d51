//! `attain mail-test`, and settings of mail that cannot work.

use crate::command_line::{err, out, run};
use crate::mail::FROM;
use crate::post::{Post, Verdict};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_test_mail_says_what_is_wrong() {
    let post = Post::open().await;
    post.answer("gone@attain.test", Verdict::Never);
    let address = post.address;
    let tell = move |language: &'static str, url: String, to: &'static str| {
        let folder = tempfile::tempdir().unwrap();
        let arguments = ["mail-test", to, "--smtp-url", &url, "--mail-from", FROM];
        run(folder.path(), language, &arguments, "")
    };
    let done = tokio::task::spawn_blocking(move || {
        let good = format!("smtp://user:password@{address}");
        let wrong = format!("smtp://user:hunter2@{address}");
        let nobody = "smtp://user:hunter2@127.0.0.1:1".to_owned();
        [
            (
                "en_US.UTF-8",
                good.clone(),
                "ann@attain.test",
                true,
                "Handed over to 127.0.0.1",
            ),
            (
                "zh_CN.UTF-8",
                good.clone(),
                "ann@attain.test",
                true,
                "已交给 127.0.0.1",
            ),
            (
                "en_US.UTF-8",
                good.clone(),
                "gone@attain.test",
                false,
                "refuses the mail",
            ),
            (
                "zh_CN.UTF-8",
                good.clone(),
                "gone@attain.test",
                false,
                "邮件服务器拒收",
            ),
            ("en_US.UTF-8", good, "no address", false, "is none"),
            (
                "en_US.UTF-8",
                wrong.clone(),
                "ann@attain.test",
                false,
                "user and password",
            ),
            (
                "zh_CN.UTF-8",
                wrong,
                "ann@attain.test",
                false,
                "不接受用户名和密码",
            ),
            ("en_US.UTF-8", nobody, "ann@attain.test", false, "is not reached"),
            (
                "en_US.UTF-8",
                "smtp://user:hunter2@mail.attain.test".to_owned(),
                "ann@attain.test",
                false,
                "unencrypted",
            ),
            (
                "zh_CN.UTF-8",
                "smtps://user:hunter2#x@mail.attain.test".to_owned(),
                "ann@attain.test",
                false,
                "--smtp-url 无效",
            ),
        ]
        .map(|(language, url, to, succeeds, says)| (tell(language, url, to), succeeds, says))
    })
    .await
    .unwrap();
    for (output, succeeds, says) in done {
        let said = out(&output) + &err(&output);
        assert_eq!(output.status.success(), succeeds, "{said}");
        assert!(said.contains(says), "{says}: {said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
    let subjects: Vec<String> = post.mails().iter().map(|mail| mail.header("Subject")).collect();
    assert_eq!(subjects, ["A test by Attain", "达成（Attain）测试邮件"]);
}

#[test]
fn a_server_does_not_start_with_settings_that_cannot_work() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, says) in [
        (
            &[
                "--smtp-url",
                "smtp://user:hunter2@mail.attain.test",
                "--mail-from",
                "a@b.test",
            ][..],
            "unencrypted",
        ),
        (
            &["--smtp-url", "smtps://user:hunter2@mail.attain.test"],
            "--mail-from",
        ),
        (&["--mail-from", "a@b.test"], "--smtp-url"),
        (&["--public-url", "attain.test"], "https://attain.company.com"),
    ] {
        let output = run(
            folder.path(),
            "en_US.UTF-8",
            &[&["serve", "--port", "0"], arguments].concat(),
            "",
        );
        let said = err(&output);
        assert!(!output.status.success() && said.contains(says), "{says}: {said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
}
