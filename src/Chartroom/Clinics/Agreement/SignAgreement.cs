using System.Security.Cryptography;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Clinics;

/// <summary>Signs the business associate agreement by a typed name.</summary>
/// <param name="SignedName">The name of the account, as the signature.</param>
/// <param name="TextHash">SHA-256 of the text that was shown, hex: nobody signs another text than they saw.</param>
public sealed record SignAgreement(string SignedName, string TextHash);

/// <summary>The text in force.</summary>
/// <param name="Version">Names the text.</param>
/// <param name="TextHash">SHA-256 of the text, UTF-8, hex.</param>
public sealed record AgreementText(string Version, string TextHash, string Text)
{
    /// <summary>The text this program carries.</summary>
    internal static AgreementText Current { get; } = Load("2026-11");

    private static AgreementText Load(string version)
    {
        using var stream = typeof(AgreementText).Assembly.GetManifestResourceStream($"agreements/baa-{version}.txt")
            ?? throw new InvalidOperationException("The agreement's text is not part of this build.");
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd();
        return new(version, Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text))), text);
    }
}

/// <summary>Keeps who signed which text, when and from where. Until then every route with patient data refuses (<c>privacy.baa-unsigned</c>).</summary>
internal sealed class SignAgreementHandler(PlatformDb db)
{
    /// <summary>Signing the same text twice changes nothing. Refuses <c>clinics.incomplete</c> and <c>clinics.agreement-changed</c>.</summary>
    public async Task<Outcome<Done>> HandleAsync(SignAgreement ask, SignedIn who, Actor actor, CancellationToken ct)
    {
        var text = AgreementText.Current;
        if (ask.TextHash != text.TextHash) return Refusals.OtherText;
        if (!IsSameName(ask.SignedName, who.PersonName))
            return Refusals.Incomplete.On("signedName", $"Type your name as it stands in your account: {who.PersonName}.");

        await using var tx = await db.BeginAsync(actor.Origin, ct);
        var signed = await tx.ExecuteAsync(Insert, new
        {
            id = Guid.CreateVersion7(),
            actor.Clinic,
            text.Version,
            hash = Convert.FromHexString(text.TextHash),
            actor.Person,
            signedName = ask.SignedName.Trim(),
            now = tx.Now,
            actor.Origin.Ip,
            actor.Origin.Agent,
        }, ct);
        if (signed == 0) return Done.It;
        await tx.ExecuteAsync("update platform.clinic set baa_signed_at = @now where id = @clinic", new { now = tx.Now, actor.Clinic }, ct);
        tx.Audit(new Access("agreement.signed", "clinic", actor.Clinic.Value), actor.Person, actor.Clinic);
        await tx.CommitAsync(ct);
        return Done.It;
    }

    private static bool IsSameName(string typed, string name) => string.Equals(
        string.Join(' ', typed.Split(' ', StringSplitOptions.RemoveEmptyEntries)), string.Join(' ', name.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
        StringComparison.OrdinalIgnoreCase);

    private const string Insert = """
        insert into platform.agreement (id, clinic_id, kind, text_version, text_hash, person_id, signed_name, signed_at, ip, agent)
        values (@id, @clinic, 'baa', @version, @hash, @person, @signedName, @now, @ip, @agent)
        on conflict on constraint agreement_once do nothing
        """;
}
