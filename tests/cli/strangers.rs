//! Models of other tools of trees that are not read: every door calls them by their own name and says what to save instead.

use crate::support::{Home, json};

/// A file or folder, its name, and what is to be said of it.
struct Stranger {
    name: &'static str,
    files: &'static [(&'static str, &'static [u8])],
    told: &'static str,
    way_out: &'static str,
}

/// As the tools begin their files (treelite 4.8, YDF 0.13, JPMML).
const STRANGERS: [Stranger; 4] = [
    Stranger {
        name: "checkpoint_model.tl",
        files: &[("", b"\x04\0\0\0\x08\0\0\0\x01\0\0\0\x02\x02\x05\0\0\0\0\0\0\0\x04\0\0\0")],
        told: "treelite 4.8.1",
        way_out: "save_model('m.ubj')",
    },
    Stranger {
        name: "exchange_model.pmml",
        files: &[(
            "",
            b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<PMML xmlns=\"http://www.dmg.org/PMML-4_4\" version=\"4.4\">\n<DataDictionary/>\n\
              <MiningModel functionName=\"regression\"><Segmentation><Segment><TreeModel/></Segment></Segmentation></MiningModel></PMML>\n",
        )],
        told: "PMML, a MiningModel",
        way_out: "pickle.dump(pipeline, file)",
    },
    Stranger { name: "nodes_model.bin", files: &[("", b"BS\x01\0\0\0\0\0\x52\0\0\0\x12\x22")], told: "YDF", way_out: "save_model('m.txt')" },
    Stranger {
        name: "forest_model",
        files: &[
            ("/data_spec.pb", b"\x0a\x27\x08\x01"),
            ("/header.pb", b"\x0a\x0dRANDOM_FOREST\x10\x02"),
            ("/random_forest_header.pb", b"\x08\x01\x3a\x0dBLOB_SEQUENCE"),
            ("/nodes-00000-of-00001", b"BS\x01\0\0\0\0\0"),
            ("/done", b""),
        ],
        told: "YDF",
        way_out: "save_model('m.txt')",
    },
];

#[test]
fn a_model_that_is_not_read_is_called_by_its_name_at_every_door() {
    let home = Home::new();
    let write = |name: String, bytes: &[u8]| {
        let path = home.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, bytes).expect("written");
    };
    for Stranger { name, files, .. } in &STRANGERS {
        files.iter().for_each(|(path, bytes)| write(format!("models/{name}{path}"), bytes));
        write(format!("data/{}_test.csv", name.split("_model").next().expect("a name")), b"a,label\n1,2\n");
    }
    let judged = json(&home, "ml validate --models-dir models --test-data data", 3)["data"]["models"].clone();
    assert_eq!(judged.as_array().map(Vec::len), Some(STRANGERS.len()), "{judged:#}");
    for Stranger { name, told, way_out, .. } in &STRANGERS {
        for door in [format!("ml models inspect models/{name}"), format!("ml models register models/{name} --name m")] {
            let refused = json(&home, &door, 11)["error"].clone();
            assert!(refused["causes"].to_string().contains(told) && refused["hints"].to_string().contains(way_out), "{door}: {refused:#}");
        }
        let place = format!("models/{name}");
        let one = judged.as_array().expect("models").iter().find(|one| one["model"] == place.as_str()).expect(name).clone();
        let said = one["checks"].to_string();
        assert!(said.contains(told) && said.contains(way_out), "{name}: {one:#}");
    }
    // The files of such a folder are as much its own as the folder is.
    for file in ["header.pb", "random_forest_header.pb", "nodes-00000-of-00001"] {
        let refused = json(&home, &format!("ml models inspect models/forest_model/{file}"), 11)["error"].clone();
        assert!(refused["causes"].to_string().contains("YDF"), "{file}: {refused:#}");
    }
}
