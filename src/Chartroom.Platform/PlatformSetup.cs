using System.ComponentModel.DataAnnotations;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Database;
using Chartroom.Platform.Identity;
using Chartroom.Platform.News;
using Chartroom.Platform.Outbox;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;
using Chartroom.Platform.Web;
using Chartroom.Transparency;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Chartroom.Platform;

/// <summary>The platform part, put together.</summary>
public static class PlatformSetup
{
    /// <summary>Registers tenancy, vault, audit, outbox and sessions; reads and checks their settings at once, so a wrong one stops the start with what to write instead.</summary>
    public static IServiceCollection AddPlatform(this IServiceCollection services, IConfiguration configuration)
    {
        var options = Read<PlatformOptions>(configuration, "Chartroom");
        HttpsOnly.Check(options);
        var connection = configuration.GetConnectionString("Postgres")
            ?? throw new WrongSettingException("No database. Start with ./run, or set ConnectionStrings__Postgres to an Npgsql connection string.");
        services.TryAddSingleton(TimeProvider.System);
        services.HoldBodiesInMemory();
        services.AddSingleton(options).AddSingleton(Read<SmtpOptions>(configuration, "Smtp"))
            .AddSingleton(Read<RateLimits>(configuration, "RateLimits")).AddSingleton<RequestCounts>()
            .AddSingleton(Read<ProxySettings>(configuration, "Proxies"));
        if (!DatabaseLogins.CanRead(connection))
            throw new WrongSettingException("ConnectionStrings__Postgres is no Npgsql connection string. Write it as Host=…;Port=5432;Username=…;Password=…;Database=chartroom");
        services.AddSingleton(_ => new DatabaseLogins(connection, options));
        services.AddSingleton(provider => provider.GetRequiredService<DatabaseLogins>().News).AddSingleton<NewsWire>().AddSingleton<SessionWatch>();
        services.AddSingleton(Read<KmsSettings>(configuration, "Kms")).AddSingleton<LocalKms>().AddSingleton<AwsKms>();
        services.TryAddSingleton<IKms>(provider => provider.GetRequiredService<KmsSettings>().Provider == KmsProvider.Aws ? provider.GetRequiredService<AwsKms>() : provider.GetRequiredService<LocalKms>());
        services.AddSingleton<KeyRing>().AddSingleton<PlatformSecrets>();
        services.AddSingleton(Read<AuditSettings>(configuration, "Audit")).AddSingleton<AuditKeys>().AddSingleton<AuditStamp>().AddSingleton<SealingState>().AddSingleton<Sealer>().AddSingleton<SealedLogReader>().AddSingleton<AuditRetention>();
        // Whoever we ask answers himself: a redirect would send what we said, and our signature with it, to an address that nobody configured.
        services.AddHttpClient().ConfigureHttpClientDefaults(client => client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false }));
        services.AddSingleton(WitnessOf);
        services.AddSingleton<OutboxBell>();
        services.TryAddSingleton<IMailTransport, SmtpTransport>();
        services.AddSingleton<OutboxWorker>();
        services.AddSingleton<TenantDb>().AddSingleton<PlatformDb>().AddSingleton<ClinicProvisioner>().AddSingleton<Catalogue>().AddSingleton(Read<ResidencySettings>(configuration, "Residency")).AddSingleton<Residency>().AddSingleton<Migrator>();
        services.AddSingleton<KeyRotation>().AddSingleton<HostKeyRotation>().AddSingleton<DueWork>();
        foreach (var column in SealedOfPlatform) services.AddSingleton(column);
        services.AddSingleton<ClinicTime>().AddSingleton<HousekeepingWork>().AddSingleton<Housekeeping>();
        foreach (var rows in Housekeeping.OfPlatform) services.AddSingleton(rows);
        services.AddSingleton(Read<PasswordHashingSettings>(configuration, "Passwords")).AddSingleton<PasswordHasher>();
        return services;
    }

    /// <summary>Work in the background, for the verb <c>serve</c>.</summary>
    public static IServiceCollection AddPlatformWorkers(this IServiceCollection services) =>
        services.AddHostedService(provider => provider.GetRequiredService<OutboxWorker>())
            .AddHostedService(provider => provider.GetRequiredService<NewsWire>())
            .AddHostedService(provider => provider.GetRequiredService<Housekeeping>()).AddHostedService<SealingWorker>()
            .AddHostedService(provider => provider.GetRequiredService<AuditRetention>());

    /// <summary>The middleware every request passes, in this order: HTTPS only, boundary, same origin, session and rights, emergencies, fresh proof, repeated requests.</summary>
    public static void UsePlatform(this WebApplication app)
    {
        app.UseMiddleware<HttpsOnly>();
        app.UseMiddleware<Boundary>();
        app.UseRouting();
        app.UseMiddleware<SameOrigin>();
        app.UseMiddleware<SessionGate>();
        app.UseMiddleware<EmergencyGate>();
        app.UseMiddleware<StepUpGate>();
        app.UseMiddleware<KeptAnswers>();
    }

    /// <summary>What the platform part itself seals, under the clinic's own key.</summary>
    private static IReadOnlyList<SealedColumn> SealedOfPlatform { get; } =
    [
        new("outbox", "content") { OfPatient = null },
        new("kept_answer", "content") { OfPatient = null, Row = "encode(substring(sha256(convert_to(person_id::text || ' ' || key, 'UTF8')) for 16), 'hex')::uuid" },
    ];

    private static IWitness WitnessOf(IServiceProvider services)
    {
        var (settings, keys) = (services.GetRequiredService<AuditSettings>(), services.GetRequiredService<AuditKeys>());
        if (settings.WitnessUrl is not { } url)
            return new FileWitness(services.GetRequiredService<PlatformOptions>().WitnessDirectory, keys.Log.Verifier, services.GetRequiredService<TimeProvider>());
        var key = settings.WitnessKey ?? throw new WrongSettingException("Setting Audit:WitnessKey is missing: the public key that the witness prints at its start.");
        return new HttpWitness(services.GetRequiredService<IHttpClientFactory>(), new(url.TrimEnd('/') + "/"), NoteVerifier.Parse(key));
    }

    /// <summary>A capability's settings, checked.</summary>
    /// <exception cref="WrongSettingException">A value is out of its bounds or of the wrong kind, or a key is unknown.</exception>
    public static T Read<T>(IConfiguration configuration, string section) where T : class, new()
    {
        var settings = new T();
        try
        {
            configuration.GetSection(section).Bind(settings, binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException error)
        {
            throw new WrongSettingException($"Setting {section}: {(error.InnerException ?? error).Message}");
        }
        var wrong = new List<ValidationResult>();
        if (!Validator.TryValidateObject(settings, new(settings), wrong, validateAllProperties: true))
            throw new WrongSettingException($"Setting {section}: {string.Join(" ", wrong.Select(it => it.ErrorMessage))}");
        return settings;
    }
}

/// <summary>A setting that the program cannot start with. Its message says what to write instead.</summary>
public sealed class WrongSettingException(string message) : InvalidOperationException(message);
