using Chartroom.Shell;

return await Verbs.RunAsync(args);

/// <summary>Named for the tests' host.</summary>
public partial class Program;
