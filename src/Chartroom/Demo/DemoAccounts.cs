using System.Security.Cryptography;
using System.Text.Json;
using Chartroom.Accounts;
using Chartroom.Platform.Database;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Demo;

/// <summary>An account to try the demo clinic with.</summary>
/// <param name="Role"><c>admin</c>, <c>provider</c> or <c>front_desk</c>.</param>
/// <param name="TotpSecret">Base32, as an authenticator app takes it.</param>
internal sealed record DemoAccount(string Role, string Name, string Email, string Password, string TotpSecret);

/// <summary>Three accounts whose passwords and TOTP secrets every installation makes for itself: none is known from the source.</summary>
internal sealed class DemoAccounts(PlatformDb platform, PasswordHasher hasher, Credentials credentials, CodeCheck codes, PlatformOptions options)
{
    private static readonly (string Role, string Name, string Email)[] People =
    [
        ("admin", "Ada Marlow", "admin@demo.example"),
        ("provider", "Dr. Pia Lindqvist", "provider@demo.example"),
        ("front_desk", "Fritz Tanner", "desk@demo.example"),
    ];

    private string FilePath => Path.Combine(options.SecretsDirectory, "demo-accounts.json");

    /// <summary>What was made before, or nothing.</summary>
    public IReadOnlyList<DemoAccount> Read() =>
        File.Exists(FilePath) ? JsonSerializer.Deserialize<List<DemoAccount>>(File.ReadAllText(FilePath), JsonSerializerOptions.Web)! : [];

    /// <summary>Makes the clinic's row, its people, their credentials and the agreement that a demo clinic signs with itself.</summary>
    public async Task MakeAsync(ClinicId clinic, string slug, CancellationToken ct)
    {
        var accounts = JsonSerializer.Deserialize<List<DemoAccount>>(SecretFiles.ReadOrMake(FilePath, () => JsonSerializer.Serialize(People.Select(NewAccount), JsonSerializerOptions.Web)), JsonSerializerOptions.Web)!;
        await using var tx = await platform.BeginAsync(Origin.Job("cli"), ct);
        await tx.ExecuteAsync("""
            insert into platform.clinic (id, slug, name, phone, time_zone, state, baa_signed_at, created_at)
            values (@clinic, @slug, 'Millbrook Demo Clinic', '+16035550199', 'America/New_York', 'provisioning', @now, @now)
            """, new { clinic, slug, now = tx.Now }, ct);
        foreach (var account in accounts) await AddAsync(tx, clinic, account, ct);
        tx.Audit(new("clinic.demo-made", "clinic", clinic.Value), person: null, clinic);
        await tx.CommitAsync(ct);
    }

    private async Task AddAsync(PlatformTx tx, ClinicId clinic, DemoAccount account, CancellationToken ct)
    {
        var person = PersonId.New();
        await tx.ExecuteAsync("""
            insert into platform.person (id, email, name, email_verified_at)
            values (@person, @email, @name, @now)
            """, new { person, account.Email, account.Name, now = tx.Now }, ct);
        await tx.ExecuteAsync("""
            insert into platform.membership (clinic_id, person_id, role)
            values (@clinic, @person, @role)
            """, new { clinic, person, account.Role }, ct);
        await credentials.CreateAsync(tx, person, await hasher.HashAsync(Password.TryTake(account.Password, out var password) ? password : throw new InvalidOperationException("A demo password is one."), ct), ct);
        await tx.ExecuteAsync("""
            update platform.credential
            set totp_secret = @secret, totp_confirmed_at = @now, unread_codes = null
            where person_id = @person
            """, new { person, secret = codes.Seal(Base32.Read(account.TotpSecret), person), now = tx.Now }, ct);
    }

    /// <summary>Four words and what the policy asks for: easy to type, 40 bits and more.</summary>
    private static DemoAccount NewAccount((string Role, string Name, string Email) person)
    {
        string[] words = ["Amber", "Birch", "Cobalt", "Delta", "Ember", "Fjord", "Garnet", "Harbor", "Indigo", "Juniper", "Krypton", "Lagoon", "Meadow", "Nectar", "Onyx", "Pebble"];
        var password = string.Join('-', Enumerable.Range(0, 3).Select(_ => words[RandomNumberGenerator.GetInt32(words.Length)])) + "-" + RandomNumberGenerator.GetInt32(100_000, 1_000_000);
        return new(person.Role, person.Name, person.Email, password, Base32.Write(Totp.NewSecret()));
    }
}
