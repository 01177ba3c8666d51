//! The command line's own texts in Chinese, and the refusals of its parser in both languages.

use std::error::Error as _;
use std::io::Write;
use std::process::ExitCode;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, Error};

use crate::config::Language;

/// Chinese for every command and argument, by `command`, `command argument`, or the argument alone where it is the same
/// everywhere. A test finds what is missing.
const CHINESE: &[(&str, &str)] = &[
    ("attain", "制定、分解、跟踪销售目标"),
    ("serve", "提供页面和接口"),
    ("serve port", "监听的端口"),
    ("serve host", "监听的地址；0.0.0.0 允许网络访问"),
    (
        "serve public_url",
        "用户打开的地址，用于邮件中的链接，如 https://attain.company.com [默认：监听的地址]",
    ),
    (
        "smtp_url",
        "邮件服务器：smtps://用户:密码@主机:465 或 smtp://用户:密码@主机:587?tls=required [默认：不发邮件]",
    ),
    ("mail_from", "发件人，如 \"达成 <attain@company.com>\""),
    (
        "smtp_ca",
        "除公共机构外另行信任的证书（PEM 文件），用于使用自有证书的邮件服务器",
    ),
    ("mail-test", "发送一封测试邮件"),
    ("mail-test address", "收件地址"),
    ("serve today", "用此日期代替今天作为业务日期，如 2018-02-15"),
    ("serve no_demo", "首次启动时不载入样例公司"),
    ("migrate", "把数据库升级到此程序的版本"),
    ("user", "用户"),
    ("user create", "创建可登录的用户"),
    ("user create email", "登录邮箱"),
    ("user create name", "显示的姓名"),
    (
        "user create role",
        "角色：owner 所有者、planner 计划员、manager 经理、rep 销售、viewer 只读",
    ),
    (
        "user create member",
        "对应的成员：姓名、编号或邮箱 [默认：邮箱或姓名相同的成员]",
    ),
    ("user create password_stdin", "从标准输入的第一行读取密码"),
    ("import", "导入 CSV 或 XLSX 文件"),
    (
        "import kind",
        "内容：units 部门、members 成员、products 产品、accounts 客户、opportunities 商机、targets 目标 [默认：按表头判断]",
    ),
    ("import mapping", "哪一列是哪个字段：{\"字段\": \"表头\"}"),
    (
        "import options",
        "选项，如 {\"dry_run\": true, \"on_missing\": \"create\", \"blank\": \"clear\"}",
    ),
    ("import files", "CSV 或 XLSX 文件；互相引用的文件自动排序"),
    ("export", "把计划导出为 XLSX 文件"),
    (
        "export version",
        "要导出的版本，即其页面地址中的 ID [默认：今天已发布的计划]",
    ),
    ("export force", "文件已存在时替换它"),
    ("export file", "XLSX 文件写到哪里；- 表示标准输出"),
    ("forecast", "预测 CSV 文件中的序列"),
    (
        "forecast season",
        "一季的周期数：月 12、季 4、周 52、日 7、无季节 1",
    ),
    ("forecast horizon", "在最后一个周期之后预测几步"),
    ("forecast levels", "区间的覆盖概率，百分数"),
    (
        "forecast calendar",
        "按哪里的节假日：cn 中国大陆的春节与工作日，none 不考虑；需要逐值行（id,period,value）中带日期的周、月或季",
    ),
    ("forecast jobs", "同时预测的序列数 [默认：每个处理器一个]"),
    (
        "forecast file",
        "CSV：表头为 id,period,value 的逐值行，或以序列名开头、每个序列一行；- 表示标准输入；也可用分号或制表符分隔；输出中会被表格软件当作公式的序列名前加单引号",
    ),
    ("token", "接口令牌"),
    ("token create", "为代表某用户的程序创建令牌；只在最后一行显示一次"),
    ("token create email", "所代表用户的邮箱"),
    ("token create name", "用途"),
    (
        "token create scopes",
        "权限：read 读取、import 导入、plan 计划、admin 管理 [默认：read import]",
    ),
    ("demo", "样例公司"),
    ("demo load", "把样例公司载入空的安装"),
    ("demo remove", "移除样例公司"),
    ("data_dir", "数据文件夹 [默认：程序旁的 attain-data]"),
    (
        "database_url",
        "数据库：sqlite:路径 或 postgres://… [默认：数据文件夹中的 attain.db]",
    ),
    ("help", "显示帮助"),
    ("version", "显示版本"),
];

/// The command line with its texts in a language.
pub(super) fn in_language(command: Command, language: Language) -> Command {
    let mut command = command.disable_help_subcommand(true);
    // Building adds the arguments every command has (help, version), so that they get words too.
    command.build();
    match language {
        Language::En => command,
        Language::Zh => chinese(command, None),
    }
}

fn chinese(command: Command, parent: Option<&str>) -> Command {
    let name = match parent {
        None | Some("attain") => command.get_name().to_owned(),
        Some(parent) => format!("{parent} {}", command.get_name()),
    };
    let mut command = command
        .help_template("{about}\n\n用法：{usage}\n\n{all-args}\n")
        .subcommand_help_heading("命令")
        .subcommand_value_name("命令")
        .mut_args(|argument| worded(argument, &name))
        .mut_subcommands(|inner| chinese(inner, Some(&name)));
    if let Some(about) = text(&[&name]) {
        command = command.about(StyledStr::from(about));
    }
    command
}

fn worded(argument: Arg, command: &str) -> Arg {
    let id = argument.get_id().as_str().to_owned();
    let heading = if argument.is_positional() {
        "参数"
    } else {
        "选项"
    };
    let argument = argument.help_heading(heading);
    let Some(words) = text(&[&format!("{command} {id}"), &id]) else {
        return argument;
    };
    let default: Vec<String> = argument
        .get_default_values()
        .iter()
        .map(|value| value.to_string_lossy().into_owned())
        .collect();
    let words = if default.is_empty() || !argument.get_action().takes_values() {
        words.to_owned()
    } else {
        format!("{words} [默认：{}]", default.join(" "))
    };
    argument.help(words).hide_default_value(true)
}

fn text(keys: &[&str]) -> Option<&'static str> {
    keys.iter()
        .find_map(|key| CHINESE.iter().find(|(name, _)| name == key))
        .map(|(_, words)| *words)
}

/// Prints what the parser has to say: help and version are a success, everything else a refusal with code 2.
pub(super) fn refuse(error: &Error, language: Language) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    match (language, chinese_refusal(error)) {
        (Language::Zh, Some(words)) => {
            let _ = writeln!(std::io::stderr(), "错误：{words}\n用 --help 查看用法。");
        }
        _ => {
            let _ = error.print();
        }
    }
    ExitCode::from(2)
}

fn chinese_refusal(error: &Error) -> Option<String> {
    let of = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        _ => String::new(),
    };
    let argument = of(ContextKind::InvalidArg);
    let value = of(ContextKind::InvalidValue);
    let valid = of(ContextKind::ValidValue);
    Some(match error.kind() {
        ErrorKind::UnknownArgument => format!("不认识参数 {argument}。"),
        ErrorKind::InvalidSubcommand => format!("没有命令 {}。", of(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingRequiredArgument => format!("缺少参数 {argument}。"),
        ErrorKind::InvalidValue if value.is_empty() => format!("参数 {argument} 缺少值。"),
        ErrorKind::InvalidValue if !valid.is_empty() => {
            format!("参数 {argument} 的值“{value}”无效，可用：{valid}。")
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            // What a value should look like reads the same in every language.
            let expected = error.source().map(|why| format!("：{why}")).unwrap_or_default();
            format!("参数 {argument} 的值“{value}”无效{expected}。")
        }
        ErrorKind::ArgumentConflict => format!("参数 {argument} 不能与其他参数同时使用，或者给了多次。"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn visit(command: &Command, see: &mut impl FnMut(&str, &str)) {
        let name = command.get_name();
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        see(name, &about);
        for argument in command.get_arguments().filter(|argument| !argument.is_hide_set()) {
            let about = argument.get_help().map(ToString::to_string).unwrap_or_default();
            see(&format!("{name} {}", argument.get_id()), &about);
        }
        for inner in command.get_subcommands() {
            visit(inner, see);
        }
    }

    #[test]
    fn everything_has_words_in_both_languages() {
        let han = |text: &str| {
            text.chars()
                .any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter))
        };
        for language in [Language::Zh, Language::En] {
            let command = in_language(super::super::CommandLine::command(), language);
            command.clone().debug_assert();
            visit(&command, &mut |what, words| {
                assert!(!words.is_empty(), "{what} has no words");
                assert_eq!(han(words), language == Language::Zh, "{what}: {words}");
            });
        }
    }
}
