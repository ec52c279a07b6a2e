using System.Net.Http.Json;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Database;
using Chartroom.Platform.Outbox;
using Chartroom.Platform.Vault;
using Npgsql;

namespace Chartroom.Platform.Tenancy;

public sealed class ResidencyTests
{
    private static readonly KmsSettings Aws = new() { Provider = KmsProvider.Aws, Region = "us-east-1", KeyId = "alias/x", AccessKeyId = "x", SecretAccessKeyFile = "x" };

    private static Residency Of(TestClinic clinic, ResidencySettings settings, KmsSettings? kms = null, SmtpOptions? smtp = null, AuditSettings? audit = null) =>
        new(settings, kms ?? new(), smtp ?? new(), audit ?? new(), clinic.The<DatabaseLogins>());

    [Fact]
    public async Task TEN_6_The_database_takes_no_clinic_of_another_region_and_moves_none_there()
    {
        await using var clinic = await TestClinic.OpenAsync();
        Assert.Equal("us", await clinic.OneAsync<string>("select region from platform.clinic where id = @id", new { id = clinic.Id.Value }));   // by itself
        foreach (var region in new[] { "eu", "ca" })
        {
            var made = await Assert.ThrowsAsync<PostgresException>(() => clinic.RunAsync(
                [$"insert into platform.clinic (id, slug, name, state, region) values (gen_random_uuid(), 'r-{Guid.CreateVersion7():N}', 'Elsewhere', 'provisioning', '{region}')"]));
            var moved = await Assert.ThrowsAsync<PostgresException>(() => clinic.RunAsync([$"update platform.clinic set region = '{region}' where id = @id"], new { id = clinic.Id.Value }));
            Assert.Equal(("clinic_region_is_home", "clinic_region_is_home"), (made.ConstraintName, moved.ConstraintName));
        }
        var second = await Assert.ThrowsAsync<PostgresException>(() => clinic.RunAsync(["insert into platform.residency (region) values ('eu')"]));
        Assert.Equal("residency_only_key", second.ConstraintName);
        var relabelled = await Assert.ThrowsAsync<PostgresException>(() => clinic.RunAsync(["update platform.residency set region = 'eu'"]));
        Assert.Equal("clinic_region_is_home", relabelled.ConstraintName);
    }

    [Fact]
    public async Task TEN_6_The_program_does_not_start_on_a_database_of_another_region_nor_with_a_service_there()
    {
        await using var clinic = await TestClinic.OpenAsync();
        await Of(clinic, new()).HoldAsync(CancellationToken.None);
        var database = await Assert.ThrowsAsync<WrongSettingException>(() => Of(clinic, new() { Region = "eu" }).HoldAsync(CancellationToken.None));
        Assert.Contains("'us'", database.Message, StringComparison.Ordinal);

        foreach (var (settings, kms, smtp, audit, named) in new (ResidencySettings, KmsSettings?, SmtpOptions?, AuditSettings?, string)[]
        {
            (new(), Aws with { Region = "eu-central-1" }, null, null, "Kms__Region"),
            (new(), Aws with { Region = "ap-south-1" }, null, null, "Kms__Region"),          // of no region that is promised
            (new() { Region = "eu" }, Aws, null, null, "Kms__Region"),
            (new(), null, new() { Host = "smtp.mail.example" }, null, "Residency__MailRegion"),   // does not say
            (new() { MailRegion = "ca" }, null, new() { Host = "smtp.mail.example" }, null, "Residency__MailRegion"),
            (new() { WitnessRegion = "eu" }, null, null, new() { WitnessUrl = "https://witness.example/" }, "Residency__WitnessRegion"),
        })
        {
            Assert.StartsWith(named, Assert.Throws<WrongSettingException>(() => Of(clinic, settings, kms, smtp, audit)).Message, StringComparison.Ordinal);
        }
        var places = Of(clinic, new() { MailRegion = "us", WitnessRegion = "us" }, Aws, new() { Host = "smtp.mail.example" }, new() { WitnessUrl = "https://witness.example/" }).Places;
        Assert.Equal(["AWS KMS", "Mail server smtp.mail.example", "Witness witness.example"], places.Where(it => it.IsOutside).Select(it => it.Name));
    }

    [Theory]
    [InlineData("us-east-1", "us"), InlineData("us-gov-west-1", "us"), InlineData("ca-central-1", "ca"), InlineData("eu-west-3", "eu")]
    [InlineData("us-iso-east-1", null), InlineData("eu-isoe-west-1", null), InlineData("ap-south-1", null), InlineData("", null), InlineData(null, null)]
    public void TEN_6_A_region_of_aws_is_of_one_jurisdiction_or_of_none_that_is_promised(string? aws, string? expected) => Assert.Equal(expected, Residency.RegionOf(aws));

    [Fact]
    public async Task TEN_6_An_administrator_reads_where_the_data_is_as_it_is_configured()
    {
        await using var clinic = await TestClinic.OpenAsync(settings: ["--Smtp:Host=smtp.mail.example", "--Residency:MailRegion=us"]);
        using var admin = clinic.As(ClinicRole.Admin);

        var page = await admin.GetStringAsync("/settings/data");
        var listed = await admin.GetFromJsonAsync<List<DataPlace>>("/api/v1/clinic/data-places");

        Assert.Contains("Mail server smtp.mail.example", page, StringComparison.Ordinal);
        Assert.Contains("United States", page, StringComparison.Ordinal);
        Assert.Equal(clinic.The<Residency>().Places, listed![..^1]);   // the last is the clinic's own choice of a drafter
        Assert.Equal(("Drafts of notes", false), (listed[^1].Name, listed[^1].IsOutside));
        Assert.All(listed!, it => Assert.Equal("us", it.Region));   // read above
        using var provider = clinic.As(ClinicRole.Provider);
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await provider.GetAsync("/api/v1/clinic/data-places")).StatusCode);
    }
}
