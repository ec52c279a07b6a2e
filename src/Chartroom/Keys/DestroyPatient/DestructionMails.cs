using Chartroom.Platform.Database;
using Chartroom.Platform.Tenancy;
using Chartroom.Staff;

namespace Chartroom.Keys;

/// <summary>Tells every administrator of the clinic by e-mail, without a word about the patient.</summary>
internal sealed class DestructionMails(PlatformOptions options)
{
    public Task EnqueueAsync(PlatformTx tx, Actor actor, CancellationToken ct) => Administrators.TellAsync(tx, actor, "A record is asked to be destroyed", to => $"""
        {to.Doer} asked at {to.Clinic} that a patient's record be destroyed for good. Nothing happens unless another person, an administrator, confirms it.

        Look at the reason, then confirm it or take it back:

        {options.PublicUrl.TrimEnd('/')}/settings/destruction
        """, ct);
}
