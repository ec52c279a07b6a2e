using System.Globalization;
using System.Text;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Accounts;

/// <summary>The row of a clinic that signs up, with a short name made from its own.</summary>
internal static class NewClinic
{
    private const int MostSlugSigns = 40;

    /// <summary>Inserts it as <c>provisioning</c>; a short name that is taken gets a number.</summary>
    internal static async Task InsertAsync(PlatformTx tx, ClinicId clinic, string practice, string phone, CancellationToken ct)
    {
        var slug = SlugOf(practice);
        for (var number = 1; number <= 100; number++)
        {
            var candidate = number == 1 ? slug : string.Create(CultureInfo.InvariantCulture, $"{slug}-{number}");
            if (await tx.ExecuteAsync(Insert, new { clinic, slug = candidate, practice, phone, now = tx.Now }, ct) == 1) return;
        }
        await tx.ExecuteAsync(Insert, new { clinic, slug = $"{slug[..Math.Min(slug.Length, 20)]}-{clinic.Value:N}"[..50], practice, phone, now = tx.Now }, ct);
    }

    /// <summary>Small letters, digits and single hyphens; accents fall away, other scripts too.</summary>
    internal static string SlugOf(string practice)
    {
        var slug = new StringBuilder();
        foreach (var sign in practice.Normalize(NormalizationForm.FormD).ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(sign)) slug.Append(sign);
            else if (CharUnicodeInfo.GetUnicodeCategory(sign) != UnicodeCategory.NonSpacingMark && slug.Length > 0 && slug[^1] != '-') slug.Append('-');
            if (slug.Length == MostSlugSigns) break;
        }
        var text = slug.ToString().Trim('-');
        return text.Length == 0 ? "clinic" : text;
    }

    private const string Insert = """
        insert into platform.clinic (id, slug, name, phone, state, created_at)
        values (@clinic, @slug, @practice, @phone, 'provisioning', @now)
        on conflict on constraint clinic_slug_key do nothing
        """;
}
