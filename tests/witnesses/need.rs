//! What a test needs of the machine, and the check for it.

use std::fmt;
use std::process::{Command, Stdio};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Need {
    /// A program on the path.
    Program(&'static str),
    /// Python modules, separated by `, `, and the package that brings them.
    Python {
        modules: &'static str,
        package: &'static str,
    },
    /// `strace` with the right to trace.
    Strace,
    /// The right to mount a file system.
    Mount,
    /// A D-Bus daemon and the keyring service of GNOME.
    SecretService,
    /// A loopback address of IPv6.
    Ipv6,
    Root,
    /// A user whom permissions stop.
    OrdinaryUser,
}

impl Need {
    pub(crate) fn is_met(self) -> bool {
        match self {
            Self::Program(name) => is_on_path(name),
            Self::Python { modules, .. } => {
                succeeds(Command::new("python3").args(["-c", &format!("import {modules}")]))
            }
            Self::Strace => {
                let probe = ["-f", "-o", "/dev/null", "true"];
                succeeds(Command::new("strace").args(probe))
            }
            Self::Mount => can_mount(),
            Self::SecretService => is_on_path("dbus-daemon") && is_on_path("gnome-keyring-daemon"),
            Self::Ipv6 => std::net::TcpListener::bind("[::1]:0").is_ok(),
            Self::Root => rustix::process::geteuid().is_root(),
            Self::OrdinaryUser => !rustix::process::geteuid().is_root(),
        }
    }
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Program(name) => f.write_str(name),
            Self::Python { package, .. } => write!(f, "python3 with {package}"),
            Self::Strace => f.write_str("strace and the right to trace"),
            Self::Mount => f.write_str("the right to mount a tmpfs"),
            Self::SecretService => f.write_str("dbus-daemon and gnome-keyring-daemon"),
            Self::Ipv6 => f.write_str("IPv6"),
            Self::Root => f.write_str("root"),
            Self::OrdinaryUser => f.write_str("a user other than root"),
        }
    }
}

fn is_on_path(name: &str) -> bool {
    std::env::var_os("PATH")
        .into_iter()
        .flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>())
        .any(|directory| directory.join(name).is_file())
}

fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn can_mount() -> bool {
    let Ok(directory) = tempfile::tempdir() else {
        return false;
    };
    let mounted = succeeds(
        Command::new("mount")
            .args(["-t", "tmpfs", "applink-test"])
            .arg(directory.path()),
    );
    if mounted {
        succeeds(Command::new("umount").arg(directory.path()));
    }
    mounted
}
