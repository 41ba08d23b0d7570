//! Why a notice could not be sent, as a stable word. `docs/notices.md` lists
//! them; the pages have a sentence for each.

use crate::mail::NotSent;

macro_rules! troubles {
    ($($(#[$doc:meta])+ $name:ident = $word:literal;)+) => {
        /// Why a notice could not be sent.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Trouble {
            $($(#[$doc])+ $name,)+
        }

        impl Trouble {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The word.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }
        }
    };
}

troubles! {
    /// The server has no settings for mail any more.
    MailNotSetUp = "mail_not_set_up";
    /// The mail server refused the mail for good.
    MailRefused = "mail_refused";
    /// The mail server takes no mail right now.
    MailBusy = "mail_busy";
    /// The mail server did not answer in time.
    MailTimedOut = "mail_timed_out";
    /// The mail server cannot be trusted, or takes no encryption.
    MailUntrusted = "mail_untrusted";
    /// The mail server cannot be reached.
    MailUnreachable = "mail_unreachable";
    /// No mail can be sent to the address.
    MailAddress = "mail_address";
    /// The operator's address is not among those that are set any more.
    OperatorGone = "operator_gone";
    /// The server has no webhook any more.
    WebhookNotSetUp = "webhook_not_set_up";
    /// The webhook is on this machine or in a private network.
    WebhookPrivate = "webhook_private";
    /// The webhook cannot be reached.
    WebhookUnreachable = "webhook_unreachable";
    /// The webhook's certificate cannot be trusted.
    WebhookUntrusted = "webhook_untrusted";
    /// The webhook did not answer in time.
    WebhookTimedOut = "webhook_timed_out";
    /// The webhook sends elsewhere, which is not followed.
    WebhookRedirects = "webhook_redirects";
    /// The webhook wants no more of these (410).
    WebhookGone = "webhook_gone";
    /// The webhook refused it (another 4xx).
    WebhookRefused = "webhook_refused";
    /// The webhook failed (5xx, or no status of the web).
    WebhookFailed = "webhook_failed";
}

impl Trouble {
    /// Trying again by itself is of no use.
    pub(super) fn is_final(self) -> bool {
        matches!(self, Self::MailAddress | Self::OperatorGone | Self::WebhookGone)
    }
}

impl From<NotSent> for Trouble {
    fn from(error: NotSent) -> Self {
        match error {
            NotSent::Address => Self::MailAddress,
            NotSent::Refused => Self::MailRefused,
            NotSent::Busy => Self::MailBusy,
            NotSent::TimedOut => Self::MailTimedOut,
            NotSent::Untrusted => Self::MailUntrusted,
            NotSent::Unreachable => Self::MailUnreachable,
        }
    }
}
