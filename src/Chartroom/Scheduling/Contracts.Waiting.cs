using Chartroom.Platform.Database;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>Something that waits for the desk elsewhere: the day leads there and tells how many. Registered as a service; shown in the order of registration.</summary>
/// <param name="Href">Where it is seen.</param>
/// <param name="Text">The link's words.</param>
/// <param name="Ask">Counts in the day's own round trip, so it must be cheap: an index over what waits, not over all there was.</param>
public sealed record DeskWaiting(string Href, string Text, Func<ClinicTx, AskedRows<long>> Ask);

/// <summary>How many of it wait now.</summary>
public sealed record WaitingCount(string Href, string Text, long Count);
