using Chartroom.Platform.Tenancy;

namespace Chartroom.Accounts;

/// <summary>What signing up and in leaves behind. A day after its end a link answers as one that never was, and a count of wrong passwords starts anew anyway.
/// Invitations stay: they tell who asked whom to work at the clinic.</summary>
internal static class SpentLinks
{
    internal static IReadOnlyList<SpentRows> All { get; } =
    [
        new("delete from platform.sign_up where expires_at < @before", TimeSpan.FromDays(1)),
        new("delete from platform.password_reset where expires_at < @before", TimeSpan.FromDays(1)),
        new("delete from platform.sign_in_guard where last_failed_at < @before and blocked_until < @before", TimeSpan.FromDays(1)),
        new("delete from platform.code_guard where last_failed_at < @before and blocked_until < @before", TimeSpan.FromDays(400)),   // only a right code ends a row of wrong ones
        new("delete from platform.sign_in_ceiling where last_failed_at < @before", TimeSpan.FromDays(400)),
        new("delete from platform.known_device where last_seen_at < @before", TimeSpan.FromDays(400)),   // as long as browsers keep a cookie
    ];
}
