//! A notice as a mail: subject, plain text, and the same as HTML for programs that show no text.

use super::{Notice, PAGE};
use crate::format::Lang;

/// The words of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// The same as HTML: no pictures, nothing fetched.
    pub html: String,
    /// Where the person chooses not to get mails.
    pub choice: String,
}

/// Notices that one letter tells in full; more of them are counted.
const MOST_TOLD: usize = 30;

/// Writes a notice to somebody. `base` is the address of this installation, such as `https://attain.example`.
pub fn letter(notice: &Notice, lang: Lang, name: &str, organization: &str, base: &str) -> Letter {
    written(&[notice], &notice.title(lang), lang, name, organization, base)
}

/// Writes several notices to somebody in one letter, the oldest first.
pub fn gathered(notices: &[Notice], lang: Lang, name: &str, organization: &str, base: &str) -> Letter {
    let count = notices.len();
    let title = lang.pick(
        format!("你有 {count} 条新通知"),
        format!("{count} new notices for you"),
    );
    let notices: Vec<&Notice> = notices.iter().collect();
    written(&notices, &title, lang, name, organization, base)
}

fn written(
    notices: &[&Notice],
    title: &str,
    lang: Lang,
    name: &str,
    organization: &str,
    base: &str,
) -> Letter {
    let base = base.trim_end_matches('/');
    let choice = format!("{base}{PAGE}");
    let subject = one_line(title);
    let (name, organization) = (one_line(name), one_line(organization));
    let greeting = lang.pick(format!("{name}，你好："), format!("Dear {name},"));
    let look = lang.pick("打开看看", "Have a look");
    let why = lang.pick(
        format!("{organization} 的达成（Attain）发来这封邮件。不想再收到：打开下面的链接，关闭邮件通知。"),
        format!("Sent by Attain of {organization}. To get no more of these, switch mails off here:"),
    );
    let colon = lang.pick("：", ":");
    let (mut plain, mut marked) = (String::new(), String::new());
    for notice in notices.iter().take(MOST_TOLD) {
        let what = notice.text(lang);
        let link = format!("{base}{}", notice.path());
        plain.push_str(&format!("{what}\n\n{look}{colon}\n{link}\n\n"));
        marked.push_str(&format!(
            "<p>{}</p>\n<p><a href=\"{}\">{}</a></p>\n",
            escaped(&what),
            escaped(&link),
            escaped(look)
        ));
    }
    let more = notices.len().saturating_sub(MOST_TOLD);
    if more > 0 {
        let more = lang.pick(
            format!("还有 {more} 条，见“通知”页"),
            format!("{more} more are on the page of notices"),
        );
        plain.push_str(&format!("{more}{colon}\n{choice}\n\n"));
        marked.push_str(&format!(
            "<p><a href=\"{}\">{}</a></p>\n",
            escaped(&choice),
            escaped(&more)
        ));
    }
    let text = format!("{greeting}\n\n{plain}--\n{why}\n{choice}\n");
    let html = format!(
        "<!DOCTYPE html>\n<html lang=\"{tag}\">\n<head><meta charset=\"utf-8\"><title>{title}</title></head>\n<body>\n\
         <p>{greeting}</p>\n{marked}<hr>\n\
         <p><small>{why} <a href=\"{choice}\">{choice}</a></small></p>\n</body>\n</html>\n",
        tag = lang.tag(),
        title = escaped(&subject),
        greeting = escaped(&greeting),
        why = escaped(&why),
        choice = escaped(&choice),
    );
    Letter {
        subject,
        text,
        html,
        choice,
    }
}

/// A text in one line: names come from files and forms, and a line end would begin a new header.
fn one_line(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text as it stands in HTML, inside quotes too.
fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::super::tests::each;
    use super::*;
    use crate::id::{MemberId, NodeId, VersionId};

    #[test]
    fn a_letter_leads_to_its_page_and_to_the_choice() {
        for notice in each() {
            for lang in Lang::ALL {
                let letter = letter(&notice, lang, "林岚", "云杉仪器", "https://attain.example/");
                let link = format!("https://attain.example{}", notice.path());
                for body in [&letter.text, &letter.html] {
                    assert!(body.contains(&link), "{body}");
                    assert!(body.contains("https://attain.example/notices"), "{body}");
                    assert!(body.contains("林岚") && body.contains("云杉仪器"), "{body}");
                }
                assert_eq!(letter.subject, notice.title(lang));
            }
        }
    }

    #[test]
    fn several_notices_are_one_letter_that_tells_each_or_counts_it() {
        let [published, ..] = each();
        let countered = each()
            .into_iter()
            .find(|notice| matches!(notice, Notice::TargetCountered { .. }))
            .unwrap();
        for lang in Lang::ALL {
            let two = [published.clone(), countered.clone()];
            let letter = gathered(&two, lang, "林岚", "云杉仪器", "https://attain.example");
            assert!(letter.subject.contains('2'), "{}", letter.subject);
            for notice in &two {
                let link = format!("https://attain.example{}", notice.path());
                assert!(letter.text.contains(&notice.text(lang)) && letter.text.contains(&link));
                assert!(letter.html.contains(&link), "{}", letter.html);
            }
            let many = vec![countered.clone(); MOST_TOLD + 5];
            let letter = gathered(&many, lang, "林岚", "云杉仪器", "https://attain.example");
            assert_eq!(letter.text.matches("/split?version=").count(), MOST_TOLD);
            assert!(
                letter.text.contains("5 more") || letter.text.contains("还有 5 条"),
                "{}",
                letter.text
            );
        }
    }

    #[test]
    fn names_are_text_and_no_headers_or_tags() {
        let notice = Notice::TargetCountered {
            version: VersionId::default(),
            node: NodeId::default(),
            member: MemberId::default(),
            name: "Eve\r\nBcc: all@attain.example".to_owned(),
            plan: "<script>".to_owned(),
            reason: "\"a\" & 'b'".to_owned(),
        };
        let letter = letter(&notice, Lang::En, "a<b>", "x", "http://h");
        assert!(!letter.subject.contains(['\r', '\n']), "{}", letter.subject);
        assert!(!letter.html.contains("<script>") && !letter.html.contains("a<b>"));
        assert!(letter.html.contains("&quot;a&quot; &amp; &#39;b&#39;"));
    }
}
