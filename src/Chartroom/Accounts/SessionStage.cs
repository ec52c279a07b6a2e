using Chartroom.Platform.Identity;

namespace Chartroom.Accounts;

/// <summary>What a person has to do before a session opens; only an open one reaches a clinic.</summary>
public enum SessionStage
{
    /// <summary>Give a code of the authenticator app, or a recovery code.</summary>
    Code,
    /// <summary>Set up the authenticator app.</summary>
    Enroll,
    /// <summary>Keep the recovery codes.</summary>
    Codes,
    /// <summary>Change the password, which is too old.</summary>
    Password,
    /// <summary>Nothing: signed in.</summary>
    Open,
}

/// <summary>The order of the steps, and where each is done.</summary>
internal static class SessionStages
{
    /// <summary>The stage of the session that made this request.</summary>
    internal static SessionStage StageNow(this SignedIn who) => Enum.Parse<SessionStage>(who.Stage, ignoreCase: true);

    /// <summary>The stage after a password was right.</summary>
    internal static SessionStage AfterPassword(bool hasAuthenticator) => hasAuthenticator ? SessionStage.Code : SessionStage.Enroll;

    /// <summary>The stage after a code was right.</summary>
    internal static SessionStage AfterCode(bool hasUnreadCodes, bool isPasswordExpired)
    {
        if (hasUnreadCodes) return SessionStage.Codes;
        return isPasswordExpired ? SessionStage.Password : SessionStage.Open;
    }

    /// <summary>The page of a stage; the start page finds the rest by itself.</summary>
    internal static string PageOf(SessionStage stage) => stage switch
    {
        SessionStage.Code => "/sign-in/code",
        SessionStage.Enroll => "/set-up/authenticator",
        SessionStage.Codes => "/set-up/recovery-codes",
        SessionStage.Password => "/account/password",
        SessionStage.Open => "/",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
