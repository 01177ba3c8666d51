//! Mail over encrypted connections: STARTTLS and from the first byte, certificates of one's own, and certificates that do not
//! hold.

use std::sync::Arc;

use operations::clock;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use server::mail::{Mailer, SmtpUrl, Trouble};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::command_line::{err, out, run};
use crate::house::House;
use crate::mail::{FROM, jobs, runner_of, until};
use crate::post::{Encrypted, Post};

/// A certificate that vouches for itself, as PEM, and what shows it.
fn certificate(host: &str) -> (String, TlsAcceptor) {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(vec![host.to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    (cert.pem(), TlsAcceptor::from(Arc::new(config)))
}

/// The address of a server, by how one speaks to it.
fn implicit(post: &Post) -> String {
    format!("smtps://user:password@{}", post.address)
}

fn start_tls(post: &Post) -> String {
    format!("smtp://user:password@{}?tls=required", post.address)
}

fn mailer(url: &str, authority: Option<&str>) -> Mailer {
    let url: SmtpUrl = url.parse().unwrap();
    Mailer::of(Some(&url), Some(FROM), authority.map(str::as_bytes))
        .unwrap()
        .unwrap()
}

fn mail() -> operations::Outgoing {
    operations::Outgoing {
        to: "ann@attain.test".to_owned(),
        name: "Ann".to_owned(),
        lang: domain::format::Lang::En,
        letter: domain::notice::Letter {
            subject: "x".to_owned(),
            text: "y".to_owned(),
            html: "<p>y</p>".to_owned(),
            choice: String::new(),
        },
        with: Vec::new(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mails_go_out_encrypted_to_a_server_with_a_certificate_of_ones_own() {
    let (pem, tls) = certificate("127.0.0.1");
    let house = House::start().await;
    // From the publishing to the mail server, by both kinds of encryption.
    let by_both = [
        (
            Encrypted::FromTheStart(tls.clone()),
            implicit as fn(&Post) -> String,
        ),
        (Encrypted::StartTls(tls), start_tls),
    ];
    let mut version = None;
    for (encrypted, url) in by_both {
        let post = Post::encrypted(encrypted).await;
        let (running, stop) = runner_of(&house.operations, mailer(&url(&post), Some(&pem)));
        version = Some(match version {
            None => house.published().await,
            Some(version) => {
                let next = house
                    .operations
                    .branch_version(&house.scope, version, None)
                    .await
                    .unwrap()
                    .version;
                house.operations.publish(&house.scope, next).await.unwrap();
                next
            }
        });
        post.until("all four are sent", |post| post.mails().len() == 4)
            .await;
        stop.begin();
        running.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_that_does_not_hold_is_told_apart_and_no_mail_goes() {
    let (pem, tls) = certificate("127.0.0.1");
    let (other_pem, other) = certificate("mail.attain.test");
    let (stranger_pem, _) = certificate("127.0.0.1");
    let fails = async |url: String, authority: Option<&str>| {
        let error = mailer(&url, authority).send(&mail(), "id").await.unwrap_err();
        for lang in domain::format::Lang::ALL {
            assert!(!error.words(lang).contains("password@"), "{}", error.words(lang));
        }
        assert!(!error.is_final(), "certificates are renewed: {error:?}");
        error.trouble
    };
    for (encrypted, url) in [
        (
            Encrypted::FromTheStart(tls.clone()),
            implicit as fn(&Post) -> String,
        ),
        (Encrypted::StartTls(tls.clone()), start_tls),
    ] {
        let post = Post::encrypted(encrypted).await;
        assert_eq!(fails(url(&post), None).await, Trouble::Stranger);
        assert_eq!(fails(url(&post), Some(&stranger_pem)).await, Trouble::Stranger);
        assert_eq!(post.asked("ann@attain.test"), 0);
        mailer(&url(&post), Some(&pem)).send(&mail(), "id").await.unwrap();
        // Whoever trusts more than one authority has them in one file.
        let both = format!("{stranger_pem}{pem}");
        mailer(&url(&post), Some(&both))
            .send(&mail(), "id")
            .await
            .unwrap();
        assert_eq!(post.mails().len(), 2);
    }
    // Of somebody who is trusted, but for another name.
    let post = Post::encrypted(Encrypted::FromTheStart(other)).await;
    assert_eq!(
        fails(implicit(&post), Some(&other_pem)).await,
        Trouble::Certificate
    );
    // The port speaks no encryption: nothing is said to it in the clear.
    let plain = Post::open().await;
    assert_eq!(fails(implicit(&plain), None).await, Trouble::Tls);
    fails(start_tls(&plain), None).await;
    assert_eq!((post.mails().len(), plain.asked("ann@attain.test")), (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_certificate_is_tried_again_later() {
    let (pem, tls) = certificate("127.0.0.1");
    let house = House::start().await;
    let post = Post::encrypted(Encrypted::FromTheStart(tls)).await;
    let (running, stop) = runner_of(&house.operations, mailer(&implicit(&post), None));
    house.published().await;
    let tried = async || {
        let seen = jobs(&house).await.json();
        let rows = seen["unfinished"].as_array().unwrap().clone();
        rows.iter()
            .filter(|job| job["attempts"] == 1 && job["state"] == "queued")
            .count()
            == 4
    };
    let patience = std::time::Instant::now() + std::time::Duration::from_secs(40);
    while !tried().await {
        assert!(
            std::time::Instant::now() < patience,
            "{}",
            jobs(&house).await.text()
        );
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let seen = jobs(&house).await.json();
    let unfinished = seen["unfinished"].as_array().unwrap();
    for job in unfinished.iter().filter(|job| job["kind"] == "deliver_mail") {
        let wait_ms = job["run_at_ms"].as_i64().unwrap() - clock::now_ms();
        assert!((10_000..=30_000).contains(&wait_ms), "{job}");
        assert_eq!(job["reference"].as_str().unwrap().len(), 8, "{job}");
    }
    stop.begin();
    running.await.unwrap();
    assert!(post.mails().is_empty());
    // The server is started again with the certificate's file; what waited goes out.
    let sql = "UPDATE job SET run_at_ms = 0 WHERE kind = 'deliver_mail'";
    kit::damage(&house.operations.database, sql).await;
    let (running, stop) = runner_of(&house.operations, mailer(&implicit(&post), Some(&pem)));
    until(&house, "done", 4).await;
    assert_eq!(post.mails().len(), 4);
    stop.begin();
    running.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_line_says_what_is_wrong_with_a_certificate() {
    let (pem, tls) = certificate("127.0.0.1");
    let post = Post::encrypted(Encrypted::StartTls(tls)).await;
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let own = file("own.pem", &pem);
    let none = file("none.pem", "nothing");
    let url = start_tls(&post);
    let plain = format!("smtp://{}", post.address);
    let said = tokio::task::spawn_blocking(move || {
        let tell = |language: &str, url: &str, authority: Option<&str>| {
            let folder = tempfile::tempdir().unwrap();
            let mut arguments = vec![
                "mail-test",
                "ann@attain.test",
                "--smtp-url",
                url,
                "--mail-from",
                FROM,
            ];
            arguments.extend(authority.iter().flat_map(|file| ["--smtp-ca", file]));
            let output = run(folder.path(), language, &arguments, "");
            (output.status.success(), out(&output) + &err(&output))
        };
        [
            (tell("en_US.UTF-8", &url, Some(&own)), true, "Handed over"),
            (tell("en_US.UTF-8", &url, None), false, "--smtp-ca"),
            (tell("zh_CN.UTF-8", &url, None), false, "证书不可信"),
            (tell("en_US.UTF-8", &url, Some(&none)), false, "BEGIN CERTIFICATE"),
            (
                tell("zh_CN.UTF-8", &url, Some("nowhere.pem")),
                false,
                "nowhere.pem",
            ),
            (tell("en_US.UTF-8", &plain, Some(&own)), false, "not encrypted"),
        ]
    })
    .await
    .unwrap();
    for ((success, said), expected, words) in said {
        assert_eq!(success, expected, "{said}");
        assert!(said.contains(words), "{words}: {said}");
    }
    assert_eq!(post.mails().len(), 1);
}
