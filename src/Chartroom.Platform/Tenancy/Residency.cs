using System.ComponentModel.DataAnnotations;
using System.Net;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Database;
using Chartroom.Platform.Outbox;
using Chartroom.Platform.Vault;
using Npgsql;

namespace Chartroom.Platform.Tenancy;

/// <summary>Where this installation and what it makes use of lie. Section <c>Residency</c>.</summary>
public sealed record ResidencySettings
{
    /// <summary><c>us</c> (the default), <c>eu</c> or <c>ca</c>: where the database, the files and the clinics' patients' data are.</summary>
    [RegularExpression("us|eu|ca", ErrorMessage = "Residency__Region is us, eu or ca.")] public string Region { get; init; } = "us";

    /// <summary>Region of the mail server, when it is not this machine's own.</summary>
    [RegularExpression("us|eu|ca", ErrorMessage = "Residency__MailRegion is us, eu or ca.")] public string? MailRegion { get; init; }

    /// <summary>Region of the audit log's witness, when it is on another host.</summary>
    [RegularExpression("us|eu|ca", ErrorMessage = "Residency__WitnessRegion is us, eu or ca.")] public string? WitnessRegion { get; init; }
}

/// <summary>A store or subprocessor as it is configured now.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Purpose">What for.</param>
/// <param name="Receives">What of the clinic's it gets.</param>
/// <param name="IsOutside">Whether another company or host runs it.</param>
public sealed record DataPlace(string Name, string Purpose, string Receives, bool IsOutside, string Region);

/// <summary>
/// A clinic's data stays in its region (TEN-6). One installation is of one region: the database takes no clinic of another (<c>clinic_region_is_home</c>), and the
/// program does not start with a service outside its region or with a database that came from elsewhere.
/// </summary>
public sealed class Residency
{
    private readonly DatabaseLogins logins;

    /// <exception cref="WrongSettingException">A service lies in another region, or does not say where.</exception>
    public Residency(ResidencySettings settings, KmsSettings kms, SmtpOptions smtp, AuditSettings audit, DatabaseLogins logins)
    {
        (this.logins, Region) = (logins, settings.Region);
        Places =
        [
            new("Database and files", "everything that the clinic keeps", "all content, encrypted under keys of the clinic's own", false, Region),
            kms.Provider == KmsProvider.Aws
                ? new("AWS KMS", "wraps the clinic's keys", "keys under its own key; no content", true, Held("Kms__Region", RegionOf(kms.Region)))
                : new("Key file", "wraps the clinic's keys", "nothing leaves this installation", false, Region),
            IsHere(smtp.Host)
                ? new("Mail server of this machine", "hands over e-mail", "addresses of staff, links; no patient data", false, Region)
                : new($"Mail server {smtp.Host}", "hands over e-mail", "addresses of staff, links; no patient data", true, Held("Residency__MailRegion", settings.MailRegion)),
            audit.WitnessUrl is { } url && !IsHere(new Uri(url).Host)
                ? new($"Witness {new Uri(url).Host}", "attests the audit log", "hashes only", true, Held("Residency__WitnessRegion", settings.WitnessRegion))
                : new("Witness of this installation", "attests the audit log", "hashes only", false, Region),
        ];
    }

    /// <summary>The region of everything here.</summary>
    public string Region { get; }

    /// <summary>Stores and subprocessors, true to the configuration; all of them lie in <see cref="Region"/>, or there would be no program to ask.</summary>
    public IReadOnlyList<DataPlace> Places { get; }

    /// <summary>Holds the database to the region, before anything is read. An empty one takes it on.</summary>
    /// <exception cref="WrongSettingException">The database has clinics of another region.</exception>
    public async Task HoldAsync(CancellationToken ct)
    {
        await using var connection = await logins.OpenAdministratorAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await Migrator.RunAsync(connection, "set local role chartroom_identity", ct);   // row security holds for the owner too
        var present = await OneAsync<string>(connection, "select region from platform.residency", ct);
        if (present == Region) return;
        if (await OneAsync<bool>(connection, "select exists (select from platform.clinic)", ct))
            throw new WrongSettingException($"This database holds clinics whose data stays in '{present}', and Residency__Region says '{Region}'. Set it to '{present}', or use a database of '{Region}'.");
        await Migrator.RunAsync(connection, "set local role chartroom_owner", ct);
        await using var command = new NpgsqlCommand("update platform.residency set region = $1", connection) { Parameters = { new() { Value = Region } } };
        await command.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    private static async Task<T> OneAsync<T>(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(ct) ?? throw new InvalidOperationException("The database does not say of which region it is."));   // its migration has made the row
    }

    private string Held(string setting, string? region) => region switch
    {
        null => throw new WrongSettingException($"{setting} does not say in which of us, eu or ca the service lies. Data stays in '{Region}': write where it is."),
        _ when region != Region => throw new WrongSettingException($"{setting} lies in '{region}', and this installation's data stays in '{Region}' (Residency__Region). Use a service there."),
        _ => region,
    };

    /// <summary>The jurisdiction of an AWS region such as us-east-1; null for those we promise nothing about.</summary>
    internal static string? RegionOf(string? aws) => aws?.Split('-') switch
    {
        ["us", not "gov" and not "iso" and not "isob", ..] => "us",
        ["us", "gov", ..] => "us",
        ["ca", ..] => "ca",
        ["eu", not "isoe", ..] => "eu",
        _ => null,
    };

    private static bool IsHere(string host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
