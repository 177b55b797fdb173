using System.IO.Compression;

namespace LoRA.MLNet.Tests.Packaging;

/// <summary>The packages, made from what is built, hold what their users need.</summary>
[TestClass]
public sealed class PackageTests
{
    private const long LargestPackage = 20_000_000;

    [TestMethod]
    [DataRow("LoRA.MLNet.Scoring", new string[0])]
    [DataRow("LoRA.MLNet", new[] { "buildTransitive/LoRA.MLNet.targets", "buildTransitive/WeakenVersionNeeds.cs" })]
    [DataRow("LoRA.MLNet.Models.Mini", new[] { "NOTICE", "LICENSE-Apache-2.0.txt", "Model/README.md" })]
    public void Holds_its_assembly_its_documentation_and_no_more(string project, string[] further)
    {
        using var folder = new TemporaryFolder();
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var (exitCode, output) = DotnetCommand.Run(
            SharedFolder.Repository, "pack", $"src/{project}", "-c", configuration, "--no-build", "-o", folder.Path, "-nologo");
        Assert.AreEqual(0, exitCode, output);

        string[] expected = ["README.md", $"{project}.nuspec", $"lib/net10.0/{project}.dll", $"lib/net10.0/{project}.xml", .. further];
        CollectionAssert.AreEquivalent(expected, Entries(folder, "*.nupkg").ToArray());
        Assert.Contains($"lib/net10.0/{project}.pdb", Entries(folder, "*.snupkg"));
        Assert.IsLessThan(LargestPackage, new FileInfo(Directory.GetFiles(folder.Path, "*.nupkg").Single()).Length);
    }

    private static IEnumerable<string> Entries(TemporaryFolder folder, string pattern)
    {
        using var package = ZipFile.OpenRead(Directory.GetFiles(folder.Path, pattern).Single());
        return package.Entries.Select(entry => entry.FullName).Where(name => !IsContainer(name)).ToArray();
    }

    /// <summary>What every package has, for the container's sake.</summary>
    private static bool IsContainer(string name) =>
        name is "[Content_Types].xml" || name.StartsWith("_rels/", StringComparison.Ordinal) || name.StartsWith("package/", StringComparison.Ordinal);
}
