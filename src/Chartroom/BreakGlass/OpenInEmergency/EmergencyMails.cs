using Chartroom.Platform.Database;
using Chartroom.Platform.Tenancy;
using Chartroom.Staff;

namespace Chartroom.BreakGlass;

/// <summary>Tells every administrator of the clinic by e-mail, without a word about the patient.</summary>
internal sealed class EmergencyMails(PlatformOptions options)
{
    public Task EnqueueAsync(PlatformTx tx, Actor actor, DateTimeOffset at, CancellationToken ct) => Administrators.TellAsync(tx, actor, "Emergency access to a chart", to => $"""
        {to.Doer} opened a chart at {to.Clinic} by emergency access, {ClinicTime.Local(at, to.TimeZone):yyyy-MM-dd HH:mm} ({to.TimeZone}). It is open for 60 minutes at most.

        Look at the reason and at what was done, and say whether it was justified:

        {options.PublicUrl.TrimEnd('/')}/settings/break-glass
        """, ct);
}
