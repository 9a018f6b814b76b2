//! What the window holds between commands: the open desk, and who is logged in.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use desk::{Actor, Desk, DeskError, IDLE_LOCK_SECONDS, SystemClock, profile_present};
use domain::Code;
use tokio::sync::{Mutex as AsyncMutex, RwLock};

/// A log-in and when the person last did something.
struct Login {
    actor: Actor,
    touched: Instant,
}

/// The recovery sheet between first run and the moment someone says it is kept.
pub(crate) struct RecoverySheet {
    pub(crate) pdf: zeroize::Zeroizing<Vec<u8>>,
}

/// The window's state.
pub(crate) struct State {
    folder: PathBuf,
    desk: RwLock<Option<Arc<Desk>>>,
    /// Opening is done by one command at a time: the page asks again while a slow keyring answers.
    pub(crate) opening: AsyncMutex<()>,
    login: Mutex<Option<Login>>,
    pub(crate) sheet: Mutex<Option<RecoverySheet>>,
    /// What was repaired or missing when the profile was opened.
    pub(crate) warnings: Mutex<Vec<desk::Notice>>,
}

/// A page locks itself when idle; this is the second lock, for a page that does not.
const GRACE_SECONDS: u64 = 60;

impl State {
    pub(crate) fn new(folder: PathBuf) -> Self {
        State {
            folder,
            desk: RwLock::new(None),
            opening: AsyncMutex::new(()),
            login: Mutex::new(None),
            sheet: Mutex::new(None),
            warnings: Mutex::new(Vec::new()),
        }
    }

    pub(crate) fn folder(&self) -> &std::path::Path {
        &self.folder
    }

    pub(crate) fn clock() -> Arc<SystemClock> {
        Arc::new(SystemClock)
    }

    pub(crate) async fn put_desk(&self, desk: Desk, warnings: Vec<desk::Notice>) {
        *self.desk.write().await = Some(Arc::new(desk));
        *self.warnings.lock().unwrap_or_else(PoisonError::into_inner) = warnings;
    }

    /// Opens the profile through the keyring unless it is open; whether there is one. Not before the page asks: opening
    /// keeps a processor busy that draws the log-in meanwhile.
    ///
    /// # Errors
    /// As [`Desk::open`].
    pub(crate) async fn open_once(&self) -> Result<bool, DeskError> {
        let _one = self.opening.lock().await;
        if self.open_desk().await.is_none() {
            if !profile_present(&self.folder)? {
                return Ok(false);
            }
            let opened = Desk::open(&self.folder, None, State::clock()).await?;
            self.put_desk(opened.desk, opened.warnings).await;
        }
        Ok(true)
    }

    pub(crate) async fn open_desk(&self) -> Option<Arc<Desk>> {
        self.desk.read().await.clone()
    }

    /// The open desk. Whoever logs in before the keyring has answered waits for it.
    pub(crate) async fn desk(&self) -> Result<Arc<Desk>, DeskError> {
        if let Some(desk) = self.open_desk().await {
            return Ok(desk);
        }
        let _one = self.opening.lock().await;
        self.open_desk().await.ok_or_else(|| Code::StorageProfileAbsent.into())
    }

    pub(crate) fn log_in(&self, actor: Actor) {
        *self.login.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Login { actor, touched: Instant::now() });
    }

    pub(crate) fn log_out(&self) {
        *self.login.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Who is logged in; a log-in left idle is over.
    pub(crate) fn actor(&self) -> Result<Actor, DeskError> {
        let mut login = self.login.lock().unwrap_or_else(PoisonError::into_inner);
        let limit = Duration::from_secs(u64::from(IDLE_LOCK_SECONDS) + GRACE_SECONDS);
        match login.as_ref() {
            Some(current) if current.touched.elapsed() <= limit => Ok(current.actor.clone()),
            _ => {
                *login = None;
                Err(Code::AccessNotLoggedIn.into())
            }
        }
    }

    /// The person did something.
    pub(crate) fn touch(&self) {
        if let Some(login) = self.login.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            login.touched = Instant::now();
        }
    }

    /// The recovery sheet, until someone says it is kept.
    pub(crate) fn recovery_sheet(&self) -> Result<zeroize::Zeroizing<Vec<u8>>, DeskError> {
        let sheet = self.sheet.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(sheet.as_ref().map(|sheet| sheet.pdf.clone()).ok_or(Code::PrintTokenUnknown)?)
    }

    /// The open desk and who is logged in, for a command that a person gave.
    pub(crate) async fn session(&self) -> Result<(Arc<Desk>, Actor), DeskError> {
        let desk = self.desk().await?;
        let actor = self.actor()?;
        self.touch();
        Ok((desk, actor))
    }
}
