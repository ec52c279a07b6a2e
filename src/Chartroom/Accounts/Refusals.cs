namespace Chartroom.Accounts;

/// <summary>The expected "no" of signing up and in.</summary>
internal static class Refusals
{
    /// <summary>One answer for a wrong password, an unknown address and a closed account, so that none of them can be told apart.</summary>
    internal static readonly Refusal WrongCredentials = new("accounts.wrong-credentials", 401, "The e-mail address or the password is not right.");

    internal static readonly Refusal WrongCode = new("accounts.wrong-code", 401, "This code is not right, or was used before. Wait for the next one and try again.");

    /// <summary>A person who was never given a password: imported by an operator, or at the clinic by another door.</summary>
    internal static readonly Refusal NoCredential =
        new("accounts.no-credential", 409, "This account has neither password nor authenticator yet. Ask an administrator of your clinic to invite you again.");

    internal static readonly Refusal TooManyTries = new("accounts.too-many-tries", 429, "That was tried too often. Wait a little, then try again.");

    internal static readonly Refusal CodesShut = new("accounts.codes-shut", 403,
        "Too many wrong codes were given where this account is not known, so none is taken here. Sign in with a browser that you used before, or ask an administrator of your clinic to reset your authenticator.");

    /// <summary>Said of every address, whether or not an account has it.</summary>
    internal static readonly Refusal PasswordsShut = new("accounts.passwords-shut", 403,
        "Too many wrong passwords were given for this address where it is not known, so none is taken here. Sign in with a browser that you used before, or choose a new password with “Forgot the password?”.");

    internal static readonly Refusal WrongStep = new("accounts.wrong-step", 409, "This step is done already, or comes later. Go on from the start page.");

    internal static readonly Refusal FinishInBrowser =
        new("accounts.finish-in-browser", 403, "This account has a step to finish first. Sign in with a browser, or step by step from /api/v1/sessions/start, then come back.");

    internal static readonly Refusal BadLink = new("accounts.bad-link", 410, "This link was used before or is too old. Ask for a new one.");

    internal static readonly Refusal Incomplete = new("accounts.incomplete", 422, "Some fields need another look.");

    internal static readonly Refusal WeakPassword = new("accounts.weak-password", 422, "Choose another password.");

    internal static readonly Refusal AccountExists = new("accounts.account-exists", 409, "This address has an account already. Sign in with it.");

    internal static readonly Refusal NoSuchSession = new("accounts.no-such-session", 404, "There is no such session. It may have ended.");

    internal static readonly Refusal NoSuchColleague = new("accounts.no-such-colleague", 404, "Nobody of that key works here with an account.");

    internal static readonly Refusal OwnAuthenticator = new("accounts.own-authenticator", 409, "Your own authenticator is replaced under account and security. If it is lost, ask another administrator.");

    internal static readonly Refusal NotAPhoto = new("accounts.not-a-photo", 422, "This is no picture that can be read. Choose a JPEG, PNG or WebP file.");

    internal static readonly Refusal PhotoTooLarge = new("accounts.photo-too-large", 413, "This file is too large. Choose one of at most 7 MB.");

    internal static readonly Refusal NoPhotoReader = new("accounts.no-photo-reader", 503, "The server lacks the program that reads pictures (ffmpeg). Its operator can install it.");

    internal static readonly Refusal NoSuchPhoto = new("accounts.no-such-photo", 404, "There is no such photo.");

    internal static readonly Refusal WrongPasskey = new("accounts.wrong-passkey", 401, "This passkey was not taken. Try once more, or give a code.");

    internal static readonly Refusal NoPasskey = new("accounts.no-passkey", 409, "There is no passkey on this account. Give a code.");

    internal static readonly Refusal NoSuchPasskey = new("accounts.no-such-passkey", 404, "There is no such passkey. It may have been removed.");

    internal static readonly Refusal TooManyPasskeys = new("accounts.too-many-passkeys", 409, "Ten passkeys are there already. Remove one first.");

    internal static readonly Refusal NoSuchClinic = new("accounts.no-such-clinic", 404, "You do not work at that clinic. Ask its administrator to invite you.");

    /// <summary>Tells when to come back.</summary>
    internal static Refusal WaitUntil(DateTimeOffset until, DateTimeOffset now) =>
        TooManyTries.With("retryAfterSeconds", Math.Max(1, (int)Math.Ceiling((until - now).TotalSeconds)));
}
