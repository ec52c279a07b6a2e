namespace Chartroom.Shell;

/// <summary>What the shell itself refuses.</summary>
internal static class Refusals
{
    /// <summary>A form that cannot be read into what it asks; its errors name the fields.</summary>
    internal static readonly Refusal FormInvalid = new("form.invalid", 422, "Some fields need another look.");

    /// <summary>A page made for one person, sent by another.</summary>
    internal static readonly Refusal SomebodyElse =
        new("shell.somebody-else", 409, "Somebody else is signed in here now, or another clinic was chosen. What you typed was not sent; reload the page to go on.");

    /// <summary>No route has this address.</summary>
    internal static readonly Refusal NoSuchPage =
        new("shell.no-such-page", 404, "There is nothing here. It may have been moved, or the address has a mistake.");

    /// <summary>A route has this address, but not with this method.</summary>
    internal static readonly Refusal WrongMethod = new("shell.wrong-method", 405, "This address does not work that way.");

    /// <summary>A body that is neither form nor JSON.</summary>
    internal static readonly Refusal WrongKind = new("shell.wrong-kind", 415, "That kind of content is not taken here.");

    /// <summary>A 4xx that came without words.</summary>
    internal static readonly Refusal NotDone = new("shell.not-done", 400, "This could not be done.");
}
