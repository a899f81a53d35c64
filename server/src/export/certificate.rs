use chrono::Datelike as _;
use engine::{Certificate, local_date};
use krilla::{
    Document, SerializeSettings,
    configure::{Accessibility, ConfigurationBuilder},
    destination::XyzDestination,
    error::KrillaError,
    geom::Point,
    metadata::{DateTime, Metadata},
    outline::{Outline, OutlineNode},
    page::PageSettings,
    tagging::TagTree,
};

use super::certificate_page::{Issuer, PAGE, draw};

/// Why a certificate could not be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CertificateError {
    /// What was drawn is no good document.
    #[error("the certificate could not be written: {0:?}")]
    Document(KrillaError),
    /// The address does not fit into a code.
    #[error("the address of the certificate does not fit into a code")]
    Code,
}

/// What the file of a certificate is called: which module and when, and not whose. One that was withdrawn is called so.
pub(crate) fn certificate_name(certificate: &Certificate) -> String {
    let withdrawn = if certificate.withdrawn_at.is_some() { "withdrawn-" } else { "" };
    format!("{withdrawn}certificate-{}-{}.pdf", certificate.module, local_date(certificate.at))
}

/// A certificate on one page: a tagged PDF, whose order of reading is that of the page. The same certificate gives the same bytes.
///
/// # Errors
/// [`CertificateError`] when it cannot be written.
pub(crate) fn certificate_pdf(certificate: &Certificate, issuer: Issuer<'_>) -> Result<Vec<u8>, CertificateError> {
    let configuration = ConfigurationBuilder::new().with_accessibility_validator(Accessibility::UA1).finish();
    let configuration = configuration.unwrap_or_default();
    let mut document =
        Document::new_with(SerializeSettings { configuration, no_device_cs: false, ..SerializeSettings::default() });
    document.set_metadata(metadata(certificate, issuer));
    let mut outline = Outline::new();
    outline.push_child(OutlineNode::new("Certificate".to_owned(), XyzDestination::new(0, Point::from_xy(0.0, 0.0))));
    document.set_outline(outline);
    let mut tree = TagTree::new().with_lang(Some("en-GB".to_owned()));
    if let Some(settings) = PageSettings::from_wh(PAGE.0, PAGE.1) {
        let mut page = document.start_page_with(settings);
        for group in draw(&mut page, certificate, issuer).map_err(|_| CertificateError::Code)? {
            tree.push(group);
        }
        page.finish();
    }
    document.set_tag_tree(tree);
    document.finish().map_err(CertificateError::Document)
}

fn metadata(certificate: &Certificate, issuer: Issuer<'_>) -> Metadata {
    let at = certificate.at.naive_utc();
    let number = |number: u32| u8::try_from(number).unwrap_or(1);
    let made = DateTime::new(u16::try_from(at.year()).unwrap_or(1970)).month(number(at.month())).day(number(at.day()));
    let whose = certificate.name.as_ref().map(|name| format!("{name}, ")).unwrap_or_default();
    let called = if certificate.withdrawn_at.is_some() { "Withdrawn certificate" } else { "Certificate" };
    Metadata::new()
        .title(format!("{called}: {whose}{}", certificate.title))
        .language("en-GB".to_owned())
        .authors(vec![issuer.name.to_owned()])
        .creation_date(made)
        .document_id(certificate.completion.to_string())
}

#[cfg(test)]
mod tests {
    use std::{fs, process::Command};

    use chrono::{TimeZone as _, Utc};
    use engine::{
        CertificateCode, CertificateEntry, CertificateStands, CompletionId, HowEarned, Language, Marks,
        catalogue::{Colour, Logo, LogoFormat, Look as OwnLook},
    };
    use model::ModuleSlug;

    use super::*;
    use crate::export::{
        certificate_page::{CODE_SIZE, CODE_TOP},
        typesetting::can_set,
    };

    #[test]
    fn a_provider_stands_there_with_its_own_colour_and_logo() {
        let certificate = of("Amy Archer");
        let plain = certificate_pdf(&certificate, ISSUER).unwrap();
        let accent =
            Some(engine::catalogue::Accent { light: Colour(0x7a, 0x1f, 0x5c), dark: Colour(0xf0, 0xa6, 0xd4) });
        let svg = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20"><g fill="#7a1f5c"><path d="M0 0h20v20z"/><circle cx="40" cy="10" r="9" stroke="#123456"/><polygon points="50,0 60,0 60,9"/></g></svg>"##;
        let logo = |format| Some(Logo { format, size: (768, 256), bytes: svg.into(), tag: String::new() });
        let coloured = OwnLook { accent, logo: None };
        let drawn = OwnLook { accent, logo: logo(LogoFormat::Svg) };
        let points = OwnLook { accent, logo: logo(LogoFormat::Png) };
        let made = |look| certificate_pdf(&certificate, Issuer { look, ..ISSUER }).unwrap();
        assert!(made(&coloured) != plain && made(&drawn) != made(&coloured));
        assert_eq!(made(&points), made(&coloured), "a PNG is not drawn");
        assert_eq!(made(&drawn), made(&drawn));
    }

    static PLAIN: OwnLook = OwnLook { accent: None, logo: None };
    const ISSUER: Issuer<'_> =
        Issuer { name: "Northfield Training", base_url: "https://learn.northfield.example", look: &PLAIN };

    fn of(name: &str) -> Certificate {
        let at = Utc.with_ymd_and_hms(2026, 9, 22, 14, 0, 0).unwrap();
        Certificate {
            completion: CompletionId::parse("01990000-0000-7000-8000-000000000000").unwrap(),
            code: CertificateCode::read("7KQ294XMP3HD0A5T").unwrap(),
            name: Some(name.to_owned()),
            module: ModuleSlug::new("prevent-staff").unwrap(),
            title: "Prevent: for staff".to_owned(),
            language: Language::ENGLISH,
            outcomes: ["Say what the Prevent duty asks of you", "Share a worry with the right person"]
                .map(str::to_owned)
                .to_vec(),
            version: 3,
            edition: 1,
            twin: None,
            at,
            until: Utc.with_ymd_and_hms(2027, 9, 22, 14, 0, 0).unwrap(),
            how: HowEarned::Quiz,
            earned: Marks::whole(10),
            possible: Marks::whole(12),
            minutes: 30,
            stands: CertificateStands::Yes,
            withdrawn_at: None,
            entry: CertificateEntry {
                origin: "learn.northfield.example/7kq294xm".to_owned(),
                number: 16_482,
                size: 16_500,
                sealed_at: at,
                claimed: false,
                faults: Vec::new(),
            },
        }
    }

    /// What another program reads in a document.
    fn read(program: &str, options: &[&str], pdf: &[u8]) -> String {
        let file = std::env::temp_dir().join(format!("certificate-{}-{:p}.pdf", std::process::id(), pdf));
        fs::write(&file, pdf).unwrap();
        let said =
            Command::new(program).args(options).arg(&file).args((program == "pdftotext").then_some("-")).output();
        fs::remove_file(&file).unwrap();
        let said = said.unwrap_or_else(|error| panic!("{program} is in Debian's poppler-utils: {error}"));
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        String::from_utf8(said.stdout).unwrap()
    }

    /// A text without blanks and marks of direction: programs that read pages guess where a blank is by the gaps between signs.
    fn letters_of(text: &str) -> String {
        let is_mark = |sign: &char| matches!(sign, '\u{202a}'..='\u{202c}' | '\u{200e}' | '\u{200f}');
        text.chars().filter(|sign| !sign.is_whitespace() && !is_mark(sign)).collect()
    }

    /// What stands in a certificate as the name, as its tags have it.
    fn tagged_name(pdf: &[u8]) -> String {
        let tags = read("pdfinfo", &["-struct-text"], pdf);
        let (_, after) = tags.split_once("\"This is to say that\"\n  P (block)\n    \"").unwrap();
        after.split_once("\"\n  P (block)\n").unwrap().0.to_owned()
    }

    /// The line of the page that has the name, without the marks of direction that programs put around what runs from right to left.
    fn printed_name(pdf: &[u8]) -> String {
        let text = read("pdftotext", &["-enc", "UTF-8"], pdf);
        let (_, after) = text.split_once("This is to say that").unwrap();
        after.trim_start().lines().next().unwrap().replace(['\u{202a}', '\u{202b}', '\u{202c}'], "")
    }

    /// `INDUCT_CERTIFICATES` names a folder in which the certificates are kept, to be looked at.
    #[test]
    fn names_of_many_scripts_are_printed_and_read_again() {
        for name in [
            "Amy Archer",
            "Mary O’Brien-D'Arcy",
            "Siân Ŵyn-Llŷr",
            "Sia\u{302}n Z\u{307}o\u{301}łc\u{301}",
            "Łukasz Zażółć",
            "Nguyễn Thị Hương",
            "Adébáyọ̀ Ọlábísí",
            "نور الهاشمي",
            "علی\u{200c}رضا محمدی",
            "لا إله ثابت شمس",
            "王小明",
            "李小龍",
            "Yuki 山田",
            "김민준",
            "Олександра Шевченко",
            "Σοφία Παπαδοπούλου",
        ] {
            assert!(can_set(name), "{name}");
            let pdf = certificate_pdf(&of(name), ISSUER).unwrap();
            assert_eq!(tagged_name(&pdf), name);
            assert_eq!(printed_name(&pdf), name);
            if let Ok(folder) = std::env::var("INDUCT_CERTIFICATES") {
                fs::write(std::path::Path::new(&folder).join(format!("{name}.pdf")), &pdf).unwrap();
            }
        }
    }

    #[test]
    fn a_name_that_runs_both_ways_is_read_in_the_order_in_which_it_is_said() {
        for name in ["Nour نور Al-Hashimi", "نور (Nour) الهاشمي", "محمد 2nd", "مُحَمَّد عَلِيّ", "عبد الرحمن ٣"]
        {
            assert_eq!(tagged_name(&certificate_pdf(&of(name), ISSUER).unwrap()), name);
        }
    }

    #[test]
    fn a_name_in_letters_that_are_not_there_is_read_out_and_shown_where_one_asks() {
        for name in ["अमित कुमार", "Amy 😀 Archer"] {
            assert!(!can_set(name), "{name}");
            let pdf = certificate_pdf(&of(name), ISSUER).unwrap();
            assert_eq!(tagged_name(&pdf), name);
            assert_eq!(printed_name(&pdf), name);
            let tags = read("pdfinfo", &["-struct-text"], &pdf);
            assert!(tags.contains("whose name is shown at learn.northfield.example/verify"), "{tags}");
        }
    }

    #[test]
    fn a_title_in_letters_that_are_not_there_is_read_all_the_same() {
        for title in ["ऑनलाइन सुरक्षा", "Online 😀", "الأمان", "Phòng chống Thị trường"]
        {
            let certificate = Certificate { title: title.to_owned(), ..of("نور الهاشمي") };
            let pdf = certificate_pdf(&certificate, ISSUER).unwrap();
            let text = letters_of(&read("pdftotext", &["-enc", "UTF-8"], &pdf));
            assert!(text.contains(&letters_of(title)) && text.contains(&letters_of("نور الهاشمي")), "{title}: {text}");
        }
    }

    #[test]
    fn it_is_read_in_the_order_of_the_page_and_says_what_it_is() {
        let pdf = certificate_pdf(&of("Amy Archer"), ISSUER).unwrap();
        insta::assert_snapshot!(read("pdfinfo", &["-struct-text"], &pdf));
        let about = read("pdfinfo", &[], &pdf);
        for said in ["Certificate: Amy Archer, Prevent: for staff", "Tagged:          yes", "Pages:           1", "A4"]
        {
            assert!(about.contains(said), "{said}: {about}");
        }
    }

    #[test]
    fn one_that_was_withdrawn_says_so_before_anything_else() {
        let withdrawn_at = Some(Utc.with_ymd_and_hms(2026, 11, 23, 9, 0, 0).unwrap());
        let withdrawn = Certificate { stands: CertificateStands::Wrong, withdrawn_at, ..of("Amy Archer") };
        let pdf = certificate_pdf(&withdrawn, ISSUER).unwrap();
        let (tags, text) = (read("pdfinfo", &["-struct-text"], &pdf), read("pdftotext", &["-layout"], &pdf));
        let said = "Withdrawn on 23 November 2026: this pass counts for nothing";
        assert!(text.contains(said) && tags.find(said) < tags.find("Amy Archer"), "{tags}");
        assert!(!text.contains("Good until") && !text.contains("This is to say that"), "{text}");
        assert!(read("pdfinfo", &[], &pdf).contains("Withdrawn certificate: Amy Archer, Prevent: for staff"));
        assert_eq!(certificate_name(&withdrawn), "withdrawn-certificate-prevent-staff-2026-09-22.pdf");
    }

    #[test]
    fn the_longest_name_and_title_leave_room_for_the_rest() {
        let long = Certificate {
            name: Some("Maximiliana Wilhelmina ".repeat(8).trim().to_owned()),
            title: "A title that somebody has made as long as they could, and then a little longer than that"
                .to_owned(),
            outcomes: vec![
                "Do something that takes a good many words to say and so runs over more than one line of it"
                    .to_owned();
                12
            ],
            ..of("")
        };
        let pdf = certificate_pdf(&long, ISSUER).unwrap();
        let text = read("pdftotext", &["-layout"], &pdf);
        let after = text.split_once("Passed on").unwrap().1;
        assert!(after.contains("22 September 2026") && after.contains("7KQ2-94XM-P3HD-0A5T"), "{text}");
        assert!(text.contains("Maximiliana") && read("pdfinfo", &[], &pdf).contains("Pages:           1"));
    }

    #[test]
    fn the_line_at_the_foot_leaves_the_code_its_margin_and_stays_on_the_page() {
        let boxes = read("pdftotext", &["-bbox"], &certificate_pdf(&of("Amy Archer"), ISSUER).unwrap());
        let edge = |line: &str, name: &str| -> f32 {
            let (_, rest) = line.split_once(&format!("{name}=\"")).unwrap();
            rest.split_once('"').unwrap().0.parse().unwrap()
        };
        let foot = boxes.lines().find(|line| line.contains(">Version</word>")).unwrap();
        assert!(edge(foot, "yMin") >= CODE_TOP + CODE_SIZE + 12.0, "{foot}");
        assert!(edge(foot, "yMax") <= PAGE.1 - 24.0, "{foot}");
    }

    #[test]
    fn a_certificate_is_small_and_the_same_each_time() {
        let mut largest = 0;
        for name in
            ["Amy Archer", "نور الهاشمي", "محمد عبد الرحمن بن عبد العزيز الهاشمي", "李小龍", "Nguyễn Thị Hồng Nhung"]
        {
            let pdf = certificate_pdf(&of(name), ISSUER).unwrap();
            assert_eq!(pdf, certificate_pdf(&of(name), ISSUER).unwrap());
            largest = largest.max(pdf.len());
        }
        assert!(largest < 40_000, "{largest}");
    }
}
