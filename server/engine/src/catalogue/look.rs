use serde::{Deserialize, Serialize};

/// How a provider's pages look besides what is the same everywhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// The colour of links, buttons and marks. `None`: that of Induct.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accent: Option<Accent>,
    /// What stands beside the provider's name. `None`: the door of Induct.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<Logo>,
}

impl Look {
    pub(crate) fn is_as_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// A colour for each theme; each can be read on every ground of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accent {
    /// On light grounds.
    pub light: Colour,
    /// On dark grounds.
    pub dark: Colour,
}

/// A colour in sRGB: red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Colour(pub u8, pub u8, pub u8);

impl Colour {
    /// Reads `#0b5f5b`, or `#fff` for `#ffffff`. `None`: it is not written so.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?.chars().map(|digit| digit.to_digit(16)).collect::<Option<Vec<u32>>>()?;
        let digits: Vec<u8> = digits.into_iter().filter_map(|digit| u8::try_from(digit).ok()).collect();
        match *digits {
            [red, green, blue] => Some(Self(red * 17, green * 17, blue * 17)),
            [red, red_end, green, green_end, blue, blue_end] => {
                Some(Self(red * 16 + red_end, green * 16 + green_end, blue * 16 + blue_end))
            }
            _ => None,
        }
    }

    /// This colour with a share of another, in per cent.
    #[must_use]
    pub fn mixed(self, other: Self, per_cent: u16) -> Self {
        let mix = |one: u8, other: u8| {
            let sum =
                u32::from(one) * u32::from(100 - per_cent.min(100)) + u32::from(other) * u32::from(per_cent.min(100));
            u8::try_from((sum + 50) / 100).unwrap_or(u8::MAX)
        };
        Self(mix(self.0, other.0), mix(self.1, other.1), mix(self.2, other.2))
    }

    /// How far two colours stand apart, from 1 to 21: "contrast ratio" of WCAG 2.2.
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (one, other) = (self.luminance(), other.luminance());
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// "Relative luminance" of WCAG 2.2.
    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }
}

impl std::fmt::Display for Colour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

/// A provider's logo, as a file that browsers show by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logo {
    /// What kind of file it is.
    pub format: LogoFormat,
    /// How wide and how high it is, in units of its own.
    pub size: (u32, u32),
    /// The file.
    pub bytes: Vec<u8>,
    /// The beginning of the digest of the file, by which browsers know it.
    pub tag: String,
}

/// The kinds of files that a logo can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogoFormat {
    /// Shapes.
    Svg,
    /// Points.
    Png,
}

/// The grounds on which the accent stands, in each theme, as `tokens.css` has them: paper, sand and card.
pub const LIGHT_GROUNDS: [Colour; 3] = [Colour(0xfb, 0xfa, 0xf7), Colour(0xf3, 0xef, 0xe6), Colour(0xff, 0xff, 0xff)];
/// The same in the dark.
pub const DARK_GROUNDS: [Colour; 3] = [Colour(0x11, 0x19, 0x1e), Colour(0x0d, 0x14, 0x18), Colour(0x18, 0x23, 0x2a)];

/// Text of any size can be read from this contrast on (WCAG 2.2, 1.4.3).
pub const ENOUGH: f64 = 4.5;

impl Accent {
    /// The tinted ground in the light that goes with an accent: a breath of it on a card.
    #[must_use]
    pub fn light_tint(light: Colour) -> Colour {
        LIGHT_GROUNDS[2].mixed(light, 9)
    }

    /// The same in the dark.
    #[must_use]
    pub fn dark_tint(dark: Colour) -> Colour {
        DARK_GROUNDS[2].mixed(dark, 9)
    }

    /// The least contrast of an accent in the light, with its own tint among the grounds.
    #[must_use]
    pub fn least_in_light(light: Colour) -> f64 {
        least(light, LIGHT_GROUNDS.into_iter().chain([Self::light_tint(light)]))
    }

    /// The least contrast of an accent in the dark.
    #[must_use]
    pub fn least_in_dark(dark: Colour) -> f64 {
        least(dark, DARK_GROUNDS.into_iter().chain([Self::dark_tint(dark)]))
    }

    /// What is written on a button of this colour: the one of white and near black that can be read better.
    #[must_use]
    pub fn on(colour: Colour) -> Colour {
        let (white, ink) = (Colour(0xff, 0xff, 0xff), Colour(0x06, 0x12, 0x18));
        if colour.contrast(white) >= colour.contrast(ink) { white } else { ink }
    }
}

fn least(colour: Colour, grounds: impl Iterator<Item = Colour>) -> f64 {
    grounds.map(|ground| colour.contrast(ground)).fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grounds_are_those_of_the_stylesheet_and_its_own_accent_holds_on_them() {
        let tokens = include_str!("../../../../style/tokens.css");
        let (light, dark) = tokens.split_once("prefers-color-scheme: dark").unwrap();
        for (written, grounds) in [(light, LIGHT_GROUNDS), (dark, DARK_GROUNDS)] {
            for (name, ground) in ["--paper", "--sand", "--card"].into_iter().zip(grounds) {
                let short = format!("{name}: #fff;");
                let full = format!("{name}: {ground};");
                assert!(
                    written.contains(&full) || (ground == Colour(255, 255, 255) && written.contains(&short)),
                    "{full}"
                );
            }
        }
        assert!(Accent::least_in_light(Colour(0x0b, 0x5f, 0x5b)) >= ENOUGH);
        assert!(Accent::least_in_dark(Colour(0x5c, 0xc8, 0xc0)) >= ENOUGH);
    }

    #[test]
    fn contrast_is_what_the_standard_says() {
        let (white, black) = (Colour(255, 255, 255), Colour(0, 0, 0));
        assert!((white.contrast(black) - 21.0).abs() < 0.001);
        // #767676 on white is the palest grey that passes.
        assert!(Colour(0x76, 0x76, 0x76).contrast(white) >= 4.5 && Colour(0x77, 0x77, 0x77).contrast(white) < 4.5);
        assert_eq!(Colour::parse("#0b5F5b"), Some(Colour(0x0b, 0x5f, 0x5b)));
        assert_eq!(Colour::parse("#fA0"), Some(Colour(0xff, 0xaa, 0)));
        for other in ["0b5f5b", "#ffff", "#+b5f5b", "#0b5f5bff", "teal", "#0b5fé"] {
            assert_eq!(Colour::parse(other), None, "{other}");
        }
    }
}
