using Chartroom.Platform.Database;
using Chartroom.Platform.Outbox;

namespace Chartroom.Accounts;

/// <summary>The e-mails of this capability: plain text, a link, how long it is good, and what to do if it was not you.</summary>
internal sealed class Mails(PlatformOptions options, AccountSettings settings)
{
    internal OutboxMessage VerifySignUp(string email, string token) => new(email, "Confirm your e-mail address", $"""
        Somebody asked for a Chartroom account with this address. If it was you, go on here within {settings.SignUpHours} hours:

        {Link($"/sign-up/{token}")}

        If it was not you, do nothing: without this link no account is made.
        """);

    internal OutboxMessage AlreadyThere(string email) => new(email, "You have a Chartroom account", $"""
        Somebody asked for a Chartroom account with this address, but it has one already. If it was you, sign in here:

        {Link("/sign-in")}

        If you forgot the password, choose a new one there. If it was not you, do nothing.
        """);

    internal OutboxMessage ResetPassword(string email, string token) => new(email, "Choose a new password", $"""
        Somebody asked for a new password for your Chartroom account. If it was you, choose it here within {settings.ResetMinutes} minutes:

        {Link($"/password-reset/{token}")}

        You will still need your authenticator app to sign in. If it was not you, do nothing: your password stays as it is.
        """);

    internal static OutboxMessage NoAccount(string email) => new(email, "No Chartroom account with this address", """
        Somebody asked for a new password for a Chartroom account with this address, but there is none. If it was you, try the address that your
        practice invited. If it was not you, do nothing.
        """);

    internal static OutboxMessage PasswordChanged(string email) => new(email, "Your password was changed", """
        The password of your Chartroom account was changed, and all its other sessions were ended. If it was not you, choose a new password at once with
        "Forgot the password?" on the sign-in page, and tell the administrator of your practice.
        """);

    internal static OutboxMessage RecoveryCodeUsed(string email) => new(email, "A recovery code was used", """
        Somebody signed in to your Chartroom account with one of your recovery codes; it is used up now. If it was not you, choose a new password at once
        with "Forgot the password?" on the sign-in page, and tell the administrator of your practice.
        """);

    internal static OutboxMessage CodesShut(string email) => new(email, "Wrong codes were given for your account", """
        Somebody who knows the password of your Chartroom account gave a hundred wrong codes, from browsers that you never signed in with. No code is taken from such browsers any more;
        the browsers that you use are not touched. If it was not you, choose a new password at once with "Forgot the password?" on the sign-in page, and tell the administrator of
        your practice. Signing in with a browser that you used before lifts it; if you have none, an administrator of your practice can reset your authenticator.
        """);

    internal static OutboxMessage PasswordsShut(string email) => new(email, "Wrong passwords were given for your account", """
        Somebody gave a hundred wrong passwords for your Chartroom account, from browsers that you never signed in with. No password is taken from such browsers any more; the
        browsers that you use are not touched. Signing in with one of them lifts it, and so does a new password, which you choose with "Forgot the password?" on the sign-in page.
        If it was not you, tell the administrator of your practice.
        """);

    internal static OutboxMessage AuthenticatorReplaced(string email) => new(email, "Your authenticator was replaced", """
        The authenticator app of your Chartroom account was replaced by another one, and all other sessions were ended. If it was not you, choose a new
        password at once with "Forgot the password?" on the sign-in page, and tell the administrator of your practice.
        """);

    internal static OutboxMessage AuthenticatorReset(string email) => new(email, "Your authenticator was reset", """
        An administrator of your practice has taken the authenticator app out of your Chartroom account, and all your sessions were ended. To sign in again you need
        your password and a code that the administrator tells you in person or by telephone; then you set up a new app. If you did not ask for it, tell your practice.
        """);

    internal static OutboxMessage NewBrowser(string email, string browser, string? address) => new(email, "You signed in with another browser", $"""
        Somebody signed in to your Chartroom account with a browser that was not used for it before: {browser}, from {address ?? "an unknown address"}. Password and second
        factor were right. If it was not you, choose a new password at once with "Forgot the password?" on the sign-in page, and tell the administrator of your practice.
        """);

    internal static OutboxMessage PasskeyAdded(string email) => new(email, "A passkey was added", """
        A passkey was added to your Chartroom account; it takes the place of the code when you sign in. If it was not you, choose a new password at once with
        "Forgot the password?" on the sign-in page, remove the passkey under account and security, and tell the administrator of your practice.
        """);

    internal static OutboxMessage PasskeyRemoved(string email) => new(email, "A passkey was removed", """
        A passkey was removed from your Chartroom account; it signs you in no more. If it was not you, choose a new password at once with "Forgot the password?"
        on the sign-in page, and tell the administrator of your practice.
        """);

    internal static OutboxMessage RecoveryCodesReplaced(string email) => new(email, "You have new recovery codes", """
        New recovery codes were made for your Chartroom account; the ones before are good no more. If it was not you, choose a new password at once with
        "Forgot the password?" on the sign-in page, and tell the administrator of your practice.
        """);

    private string Link(string path) => options.PublicUrl.TrimEnd('/') + path;
}
