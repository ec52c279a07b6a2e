using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Chartroom.Platform.Identity;

namespace Chartroom.Accounts;

/// <summary>What needs no device; the rest is in <c>Journeys/PasskeyJourney</c>.</summary>
public sealed class PasskeysTests
{
    private const string Own = "/api/v1/account/passkeys";

    [Fact]
    public async Task ACC_3_Answers_that_no_device_gave_are_refused_and_a_passkey_is_its_owners_alone()
    {
        await using var clinic = await TestClinic.OpenAsync();
        using var client = clinic.As(ClinicRole.Provider);
        async Task<JsonElement> OfferAsync()
        {
            using var answer = await client.PostAsync(Own + "/options", null);
            return await answer.Content.ReadFromJsonAsync<JsonElement>();
        }

        var first = await OfferAsync();
        Assert.Equal(("localhost", "required", "none"), (first.GetProperty("rp").GetProperty("id").GetString(),
            first.GetProperty("authenticatorSelection").GetProperty("userVerification").GetString(), first.GetProperty("attestation").GetString()));
        Assert.True(first.GetProperty("challenge").GetString()!.Length >= 43);   // 256 bits
        Assert.NotEqual(first.GetProperty("challenge").GetString(), (await OfferAsync()).GetProperty("challenge").GetString());
        foreach (var nothing in new[] { "", "x", "[]", "{}", "null", """{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30","attestationObject":"oA"},"clientExtensionResults":{}}""", new string('{', 30_000) })
        {
            await OfferAsync();
            using var refused = await client.PostAsJsonAsync(Own, new { name = "Test", credential = nothing });
            Assert.Equal((HttpStatusCode.Unauthorized, "accounts.wrong-passkey"), (refused.StatusCode, (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()));
        }

        await clinic.RunAsync(["""
            insert into platform.passkey (id, person_id, credential_id, public_key, sign_count, transports, is_backup_eligible, is_backed_up, name, created_at)
            select @id, person_id, sha256(person_id::text::bytea), '\x00', 0, '{}', false, false, 'Theirs', now() from platform.membership where clinic_id = @clinic and role = 'admin'
            """], new { id = Theirs, clinic = clinic.Id.Value });
        Assert.Equal(HttpStatusCode.NotFound, (await client.DeleteAsync($"{Own}/{Theirs}")).StatusCode);
        Assert.Equal(0, (await client.GetFromJsonAsync<JsonElement>(Own)).GetArrayLength());
        clinic.Clock.Advance(StepUpGate.Fresh);
        foreach (var dangerous in new[] { new HttpRequestMessage(HttpMethod.Post, Own + "/options"), new(HttpMethod.Post, Own) { Content = JsonContent.Create(new { name = "Test", credential = "{}" }) }, new(HttpMethod.Delete, $"{Own}/{Theirs}") })
            Assert.Equal(HttpStatusCode.Forbidden, (await client.SendAsync(dangerous)).StatusCode);
        Assert.Equal(1, await clinic.OneAsync<long>("select count(*) from platform.passkey where id = @id", new { id = Theirs }));
    }

    private static readonly Guid Theirs = Guid.CreateVersion7();
}
