using Chartroom.Platform.Database;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;

namespace Chartroom.Platform.Identity;

/// <summary>What the session gate asks about a program's access token. Token, secret, client and clinic are looked up at every request.</summary>
internal static class ProgramReads
{
    /// <summary>How often a client's last use is noted.</summary>
    public static readonly TimeSpan Grain = TimeSpan.FromMinutes(1);

    /// <summary>Counts by client, over all its tokens and nodes, with the client's own limit.</summary>
    public static AskedRows<Counted> AskCount(PlatformTx tx, RateClass rate, byte[] tokenHash) =>
        tx.AskUnaudited<Counted>(CountOfClient, new { token = tokenHash, rate = rate.ToString(), now = tx.Now, over = tx.Now - TimeSpan.FromMinutes(1), ahead = tx.Now + TimeSpan.FromMinutes(1) });

    /// <summary>The client's last use; nobody waits for the disk.</summary>
    public static async Task MarkUsedAsync(PlatformDb platform, SignedIn who, Origin origin, CancellationToken ct)
    {
        await using var tx = await platform.BeginAsync(origin, ct);
        tx.QueueUnaudited("set local synchronous_commit = off", null);
        tx.QueueUnaudited("update platform.api_client set last_used_at = @now where id = @client and (last_used_at is null or last_used_at < @now)", new { now = tx.Now, client = who.PersonId.Value });
        await tx.CommitAsync(ct);
    }

    /// <summary>The client stands in the person's place; it has no second factor to give, and no proof that would open a dangerous act.</summary>
    public const string Select = """
        select api_client.id as session_id, api_client.id as person_id, api_client.name as person_name, true as is_mfa_done, 'open' as stage,
            api_client.clinic_id, clinic.name as clinic_name, clinic.slug as clinic_slug, clinic.time_zone, clinic.state as clinic_state,
            clinic.baa_signed_at is not null as is_agreement_signed, api_client.role, coalesce(api_client.last_used_at, api_client.created_at - interval '1 day') as last_seen_at,
            api_token.scopes
        from platform.api_token
        join platform.api_client on api_client.id = api_token.client_id and api_client.revoked_at is null and api_client.expires_at > @now
        join platform.api_client_secret as secret on secret.id = api_token.secret_id and (secret.ends_at is null or secret.ends_at > @now)
        join platform.clinic on clinic.id = api_client.clinic_id
        where api_token.hash = @hash and api_token.expires_at > @now
        """;

    private const string CountOfClient = """
        with client as (
            select api_client.per_minute, substring(sha256(convert_to(@rate || ' client ' || api_client.id::text, 'UTF8')) for 16) as key
            from platform.api_token
            join platform.api_client on api_client.id = api_token.client_id and api_client.revoked_at is null
            where api_token.hash = @token and api_token.expires_at > @now
        ), counted as (
            insert into platform.request_count as present (key, started_at, seen)
            select client.key, @now, 1
            from client
            on conflict on constraint request_count_pkey do update
            set seen = case when present.started_at <= @over or present.started_at > @ahead then 1 else least(present.seen, 1000000000) + 1 end,
                started_at = case when present.started_at <= @over or present.started_at > @ahead then @now else present.started_at end
            returning seen, started_at
        )
        select counted.seen, counted.started_at, client.per_minute as most
        from counted
        cross join client
        """;
}
